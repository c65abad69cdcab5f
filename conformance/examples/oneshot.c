// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The smallest channel for one value: a mutex guards what has become of both sides.
//
//     cc -std=c17 -shared -fPIC -fvisibility=hidden -Iconformance -o liboneshot.so conformance/examples/oneshot.c
#include <pthread.h>
#include <stdlib.h>

#include "slotmark_define.h"

struct channel {
    pthread_mutex_t mutex; // guards what follows
    const struct sm_value_type *type;
    int has_writer, has_reader, has_value, has_ended;
    void *value;
    struct sm_waker waker; // its vtable is NULL where nobody waits
};

// Both sides are the channel, under two names.
static struct channel *of_writer(struct sm_oneshot_writer *writer) {
    return (struct channel *)(void *)writer;
}

static struct channel *of_reader(struct sm_oneshot_reader *reader) {
    return (struct channel *)(void *)reader;
}

// unlock unlocks the channel, and frees it where both sides are gone.
static void unlock(struct channel *channel) {
    int is_last = !channel->has_writer && !channel->has_reader;
    pthread_mutex_unlock(&channel->mutex);
    if (is_last) {
        pthread_mutex_destroy(&channel->mutex);
        free(channel);
    }
}

// take_waker takes out whoever waits, to be called once the channel is unlocked.
static struct sm_waker take_waker(struct channel *channel) {
    struct sm_waker waker = channel->waker;
    channel->waker.vtable = NULL;
    return waker;
}

static enum sm_status oneshot_channel_create(const struct sm_value_type *type, struct sm_oneshot_writer **out_writer,
                                             struct sm_oneshot_reader **out_reader) {
    if (type == NULL || out_writer == NULL || out_reader == NULL) {
        return SM_INVALID;
    }
    struct channel *channel = calloc(1, sizeof *channel);
    if (channel == NULL) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_init(&channel->mutex, NULL);
    channel->type = type;
    channel->has_writer = 1;
    channel->has_reader = 1;
    *out_writer = (struct sm_oneshot_writer *)(void *)channel;
    *out_reader = (struct sm_oneshot_reader *)(void *)channel;
    return SM_OK;
}

// end_writing lets the writer go, with a value or without.
static void end_writing(struct channel *channel) {
    channel->has_writer = 0;
    struct sm_waker waker = take_waker(channel);
    unlock(channel);
    if (waker.vtable != NULL) {
        waker.vtable->wake(waker.data);
    }
}

static enum sm_status oneshot_channel_write(struct sm_oneshot_writer *writer, void *value) {
    if (writer == NULL) {
        return SM_INVALID;
    }
    struct channel *channel = of_writer(writer);
    pthread_mutex_lock(&channel->mutex);
    if (!channel->has_reader) {
        pthread_mutex_unlock(&channel->mutex);
        return SM_CLOSED;
    }
    channel->value = value;
    channel->has_value = 1;
    end_writing(channel);
    return SM_OK;
}

static void oneshot_channel_drop_writer(struct sm_oneshot_writer *writer) {
    if (writer != NULL) {
        pthread_mutex_lock(&of_writer(writer)->mutex);
        end_writing(of_writer(writer));
    }
}

static enum sm_status oneshot_channel_read(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                           enum sm_poll *out_poll, void **out_value) {
    struct sm_waker clone = {NULL, NULL}, old = {NULL, NULL};
    if (reader == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    if (waker != NULL && waker->vtable->clone(waker->data, &clone) != SM_OK) {
        return SM_NO_MEMORY;
    }
    struct channel *channel = of_reader(reader);
    enum sm_status status = SM_OK;
    pthread_mutex_lock(&channel->mutex);
    if (channel->has_ended) {
        status = SM_COMPLETED;
    } else if (channel->has_value) {
        channel->has_value = 0;
        channel->has_ended = 1;
        *out_poll = SM_POLL_READY;
        *out_value = channel->value;
    } else if (!channel->has_writer) {
        channel->has_ended = 1;
        status = SM_CLOSED;
    } else {
        *out_poll = SM_POLL_PENDING;
        if (waker != NULL) {
            old = channel->waker;
            channel->waker = clone;
            clone.vtable = NULL;
        }
    }
    pthread_mutex_unlock(&channel->mutex);
    if (clone.vtable != NULL) { // nobody is to wait
        clone.vtable->drop(clone.data);
    }
    if (old.vtable != NULL) {
        old.vtable->drop(old.data);
    }
    return status;
}

static void oneshot_channel_drop_reader(struct sm_oneshot_reader *reader) {
    if (reader == NULL) {
        return;
    }
    struct channel *channel = of_reader(reader);
    const struct sm_value_type *type = channel->type;
    pthread_mutex_lock(&channel->mutex);
    channel->has_reader = 0;
    struct sm_waker waker = take_waker(channel);
    int has_value = channel->has_value;
    void *value = channel->value;
    unlock(channel);
    if (waker.vtable != NULL) {
        waker.vtable->drop(waker.data);
    }
    if (has_value) {
        type->drop(type->context, value);
    }
}

SLOTMARK_ONESHOT(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_NEVER, SLOTMARK_ONESHOT_CHANNEL);
SLOTMARK_IMPLEMENTATION("example oneshot", "1.0", .oneshot = &slotmark_oneshot);
