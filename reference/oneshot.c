// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/oneshot.h"

#include <stdlib.h>

#include "reference/rendezvous.h"

enum { OPEN, WRITTEN, DROPPED, CLOSED, GONE };

// The two sides are addresses of the channel's first members, so that one is never taken for the other.
struct sm_oneshot_writer {
    void *value; // the writer's until WRITTEN, then the reader's
    const struct sm_value_type *type;
};

struct sm_oneshot_reader {
    uint64_t has_ended; // it was told READY or SM_CLOSED
};

struct channel {
    struct sm_oneshot_writer writer;
    struct sm_oneshot_reader reader;
    struct sm_rendezvous meeting;
};
_Static_assert(sizeof(struct channel) == 64 || sizeof(void *) != 8, "oneshot.h states the size");

static struct channel *of_writer(struct sm_oneshot_writer *writer) {
    return (struct channel *)(void *)writer;
}

static struct channel *of_reader(struct sm_oneshot_reader *reader) {
    return (struct channel *)(void *)((char *)reader - offsetof(struct channel, reader));
}

enum sm_status sm_oneshot_create(const struct sm_value_type *type, struct sm_oneshot_writer **out_writer,
                                 struct sm_oneshot_reader **out_reader) {
    if (!sm_value_type_is_valid(type) || out_writer == NULL || out_reader == NULL) {
        return SM_INVALID;
    }
    struct channel *channel = malloc(sizeof *channel);
    if (channel == NULL) {
        return SM_NO_MEMORY;
    }
    channel->writer = (struct sm_oneshot_writer){NULL, type};
    channel->reader.has_ended = 0;
    sm_rendezvous_begin(&channel->meeting);
    *out_writer = &channel->writer;
    *out_reader = &channel->reader;
    return SM_OK;
}

// wake_reader wakes the reader of what was written. Apart, so that a write saves no registers: that is stores, which
// its locked instruction waits for. Returns SM_OK.
__attribute__((noinline)) static enum sm_status wake_reader(struct sm_waker waker) {
    waker.vtable->wake(waker.data);
    return SM_OK;
}

enum sm_status sm_oneshot_write(struct sm_oneshot_writer *writer, void *value) {
    if (writer == NULL) {
        return SM_INVALID;
    }
    struct channel *channel = of_writer(writer);
    struct sm_step step = sm_rendezvous_look(&channel->meeting);
    writer->value = value; // nobody looks at it unless WRITTEN
    while (step.phase == OPEN) {
        if (sm_rendezvous_step(&channel->meeting, &step, WRITTEN)) {
            return step.waker.vtable == NULL ? SM_OK : wake_reader(step.waker);
        }
    }
    return SM_CLOSED;
}

void sm_oneshot_drop_writer(struct sm_oneshot_writer *writer) {
    if (writer == NULL) {
        return;
    }
    struct channel *channel = of_writer(writer);
    struct sm_step step = sm_rendezvous_look(&channel->meeting);
    while (step.phase != GONE) {
        if (sm_rendezvous_step(&channel->meeting, &step, DROPPED)) {
            sm_step_wake(&step);
            return;
        }
    }
    free(channel);
}

// end tells the reader how a channel ended that is OPEN no more, once.
static inline enum sm_status end(struct channel *channel, uint32_t phase, enum sm_poll *out_poll, void **out_value) {
    channel->reader.has_ended = 1;
    if (phase != WRITTEN) {
        return SM_CLOSED;
    }
    *out_poll = SM_POLL_READY;
    *out_value = channel->writer.value;
    return SM_OK;
}

// await is sm_oneshot_read of a channel that is OPEN. Apart, so that a read of one that is not saves no registers.
__attribute__((noinline)) static enum sm_status await(struct channel *channel, const struct sm_waker *waker,
                                                      enum sm_poll *out_poll, void **out_value) {
    switch (waker == NULL ? SM_WAIT_KEPT : sm_rendezvous_wait(&channel->meeting, OPEN, waker)) {
    case SM_WAIT_NO_MEMORY:
        return SM_NO_MEMORY;
    case SM_WAIT_PASSED:
        return channel->reader.has_ended // where the waker's clone has read itself
                   ? SM_COMPLETED
                   : end(channel, sm_rendezvous_look(&channel->meeting).phase, out_poll, out_value);
    case SM_WAIT_KEPT:
        break;
    }
    *out_poll = SM_POLL_PENDING;
    return SM_OK;
}

enum sm_status sm_oneshot_read(struct sm_oneshot_reader *reader, const struct sm_waker *waker, enum sm_poll *out_poll,
                               void **out_value) {
    if (reader == NULL || out_poll == NULL || out_value == NULL || (waker != NULL && waker->vtable == NULL)) {
        return SM_INVALID;
    }
    struct channel *channel = of_reader(reader);
    if (reader->has_ended) {
        return SM_COMPLETED;
    }
    uint32_t phase = sm_rendezvous_look(&channel->meeting).phase;
    return phase == OPEN ? await(channel, waker, out_poll, out_value) : end(channel, phase, out_poll, out_value);
}

void sm_oneshot_drop_reader(struct sm_oneshot_reader *reader) {
    if (reader == NULL) {
        return;
    }
    struct channel *channel = of_reader(reader);
    struct sm_step step = sm_rendezvous_look(&channel->meeting);
    while (step.phase == OPEN || step.phase == CLOSED) {
        if (sm_rendezvous_step(&channel->meeting, &step, GONE)) {
            sm_step_drop(&step);
            return;
        }
    }
    struct sm_oneshot_writer left = channel->writer;
    int is_left = step.phase == WRITTEN && !reader->has_ended;
    free(channel);
    if (is_left) {
        sm_value_type_drop(left.type, left.value);
    }
}

enum sm_status sm_oneshot_close(struct sm_oneshot_reader *reader) {
    if (reader == NULL) {
        return SM_INVALID;
    }
    struct channel *channel = of_reader(reader);
    struct sm_step step = sm_rendezvous_look(&channel->meeting);
    while (step.phase == OPEN) {
        if (sm_rendezvous_step(&channel->meeting, &step, CLOSED)) {
            sm_step_drop(&step);
            break;
        }
    }
    return SM_OK;
}
