// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The oneshots of the mutex peer: channels, which have a mutex each, and the table. Ends and sets are in oneshot_end.c,
// typed pairs in oneshot_typed.c.
#include "conformance/peers/mutex/oneshot.h"

#include <pthread.h>
#include <stdlib.h>

#include "conformance/peers/mutex/mutex.h"
#include "conformance/slotmark_define.h"

struct channel {
    pthread_mutex_t lock;
    const struct sm_value_type *type;
    int sides;      // that are not gone
    int has_writer; // which can write still
    int is_open;    // for a write
    int has_value;
    int is_told; // the reader, READY or SM_CLOSED
    void *value;
    struct sm_waker waker;
};

struct sm_oneshot_writer {
    struct channel *channel;
};
struct sm_oneshot_reader {
    struct channel *channel;
};

static enum sm_status oneshot_channel_create(const struct sm_value_type *type, struct sm_oneshot_writer **out_writer,
                                             struct sm_oneshot_reader **out_reader) {
    if (type == NULL || out_writer == NULL || out_reader == NULL) {
        return SM_INVALID;
    }
    struct channel *channel = calloc(1, sizeof *channel);
    struct sm_oneshot_writer *writer = malloc(sizeof *writer);
    struct sm_oneshot_reader *reader = malloc(sizeof *reader);
    if (channel == NULL || writer == NULL || reader == NULL) {
        free(channel);
        free(writer);
        free(reader);
        return SM_NO_MEMORY;
    }
    pthread_mutex_init(&channel->lock, NULL);
    channel->type = type;
    channel->sides = 2;
    channel->has_writer = 1;
    channel->is_open = 1;
    writer->channel = channel;
    reader->channel = channel;
    *out_writer = writer;
    *out_reader = reader;
    return SM_OK;
}

// leave_channel unlocks, and frees it behind the last side.
static void leave_channel(struct channel *channel) {
    int is_last = --channel->sides == 0;
    pthread_mutex_unlock(&channel->lock);
    if (is_last) {
        pthread_mutex_destroy(&channel->lock);
        free(channel);
    }
}

static enum sm_status oneshot_channel_write(struct sm_oneshot_writer *writer, void *value) {
    if (writer == NULL) {
        return SM_INVALID;
    }
    struct channel *channel = writer->channel;
    pthread_mutex_lock(&channel->lock);
    if (!channel->is_open) {
        pthread_mutex_unlock(&channel->lock);
        return SM_CLOSED;
    }
    channel->value = value;
    channel->has_value = 1;
    channel->has_writer = 0;
    struct sm_waker waker = out_of(&channel->waker);
    leave_channel(channel);
    free(writer);
    wake(waker);
    return SM_OK;
}

static void oneshot_channel_drop_writer(struct sm_oneshot_writer *writer) {
    if (writer == NULL) {
        return;
    }
    struct channel *channel = writer->channel;
    pthread_mutex_lock(&channel->lock);
    channel->has_writer = 0;
    struct sm_waker waker = out_of(&channel->waker);
    leave_channel(channel);
    free(writer);
    wake(waker);
}

static enum sm_status oneshot_channel_read(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                           enum sm_poll *out_poll, void **out_value) {
    struct sm_waker kept, old = {NULL, NULL};
    if (reader == NULL || out_poll == NULL || out_value == NULL || !is_waker(waker)) {
        return SM_INVALID;
    }
    if (!clone_of(waker, &kept)) {
        return SM_NO_MEMORY;
    }
    struct channel *channel = reader->channel;
    enum sm_status status = SM_OK;
    pthread_mutex_lock(&channel->lock);
    if (channel->is_told) {
        status = SM_COMPLETED;
    } else if (channel->has_value) {
        channel->has_value = 0;
        channel->is_told = 1;
        *out_poll = SM_POLL_READY;
        *out_value = channel->value;
    } else if (!channel->is_open || !channel->has_writer) {
        channel->is_told = 1;
        status = SM_CLOSED;
    } else {
        *out_poll = SM_POLL_PENDING;
        if (waker != NULL) {
            old = out_of(&channel->waker);
            channel->waker = out_of(&kept);
        }
    }
    pthread_mutex_unlock(&channel->lock);
    give_up(kept);
    give_up(old);
    return status;
}

// shut refuses what is to come, and drops what is there; `goes` with the reader's side of the channel.
static void shut(struct channel *channel, int goes) {
    const struct sm_value_type *type = channel->type;
    pthread_mutex_lock(&channel->lock);
    struct sm_waker waker = out_of(&channel->waker);
    void *value = channel->value;
    int has_value = channel->has_value;
    channel->has_value = 0;
    channel->is_open = 0;
    if (goes) {
        leave_channel(channel);
    } else {
        pthread_mutex_unlock(&channel->lock);
    }
    give_up(waker);
    if (has_value) {
        type->drop(type->context, value);
    }
}

static void oneshot_channel_drop_reader(struct sm_oneshot_reader *reader) {
    if (reader != NULL) {
        shut(reader->channel, 1);
        free(reader);
    }
}

static enum sm_status oneshot_channel_close(struct sm_oneshot_reader *reader) {
    if (reader == NULL) {
        return SM_INVALID;
    }
    shut(reader->channel, 0);
    return SM_OK;
}

const struct sm_oneshot_ops mutex_oneshot =
    SLOTMARK_ONESHOT_OPS(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                         .close = SM_CLOSE_DROPS, .channel_close = oneshot_channel_close, SLOTMARK_ONESHOT_CHANNEL,
                         SLOTMARK_ONESHOT_ENDS, SLOTMARK_ONESHOT_TYPED);
