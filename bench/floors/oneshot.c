// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The floor of oneshots. Of a channel: one allocation, and one exchange by each side that the other may meet: a write,
// and a read that registers. Of two ends: one allocation, an exchange to park an operation, one to register with it,
// one to meet it, and of two ends that are given up the first needs one, to learn that it is.
#include "bench/floors/floor.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct channel {
    _Atomic(uintptr_t) word; // 0: open; 1: a waker is there; 2: written
    void *value;
    struct sm_waker waker;
};

static enum sm_status oneshot_channel_create(const struct sm_value_type *type, struct sm_oneshot_writer **out_writer,
                                             struct sm_oneshot_reader **out_reader) {
    (void)type;
    struct channel *channel = malloc(sizeof *channel);
    atomic_init(&channel->word, 0);
    *out_writer = (struct sm_oneshot_writer *)(void *)channel;
    *out_reader = (struct sm_oneshot_reader *)(void *)channel;
    return SM_OK;
}

static enum sm_status oneshot_channel_write(struct sm_oneshot_writer *writer, void *value) {
    struct channel *channel = (struct channel *)(void *)writer;
    channel->value = value;
    floor_settle();
    if (atomic_exchange_explicit(&channel->word, 2, memory_order_acq_rel) == 1) {
        channel->waker.vtable->wake(channel->waker.data);
    }
    return SM_OK;
}

static void oneshot_channel_drop_writer(struct sm_oneshot_writer *writer) {
    (void)writer;
}

static enum sm_status oneshot_channel_read(struct sm_oneshot_reader *reader, const struct sm_waker *waker,
                                           enum sm_poll *out_poll, void **out_value) {
    struct channel *channel = (struct channel *)(void *)reader;
    if (atomic_load_explicit(&channel->word, memory_order_acquire) == 2) {
        *out_poll = SM_POLL_READY;
        *out_value = channel->value;
        return SM_OK;
    }
    waker->vtable->clone(waker->data, &channel->waker);
    atomic_exchange_explicit(&channel->word, 1, memory_order_acq_rel);
    *out_poll = SM_POLL_PENDING;
    return SM_OK;
}

static void oneshot_channel_drop_reader(struct sm_oneshot_reader *reader) {
    free(reader);
}

struct sm_oneshot_end {
    _Atomic(uintptr_t) word; // of the pair, which the first end is: 0; 1: parked; 2: with a waker; 3: met
    atomic_int one_left;
    uint32_t size;
    struct sm_oneshot_end *pair;
    void *buffer;
    struct sm_waker waker;
    uint64_t element;
};

static enum sm_status oneshot_end_create(uint32_t size, uint32_t align, struct sm_oneshot_end **out_reader,
                                         struct sm_oneshot_end **out_writer) {
    (void)align;
    struct sm_oneshot_end *ends = malloc(2 * sizeof *ends);
    atomic_init(&ends->word, 0);
    atomic_init(&ends->one_left, 0);
    ends[0].pair = ends;
    ends[1].pair = ends;
    ends->size = size;
    *out_reader = &ends[0];
    *out_writer = &ends[1];
    return SM_OK;
}

static enum sm_status oneshot_end_read(struct sm_oneshot_end *reader, void *buffer, uint32_t *out_word) {
    reader->buffer = buffer;
    floor_settle();
    atomic_exchange_explicit(&reader->pair->word, 1, memory_order_acq_rel);
    *out_word = SM_WORD_BLOCKED;
    return SM_OK;
}

static enum sm_status oneshot_end_write(struct sm_oneshot_end *writer, const void *buffer, uint32_t *out_word) {
    struct sm_oneshot_end *pair = writer->pair;
    memcpy(&pair->element, buffer, pair->size);
    if (atomic_exchange_explicit(&pair->word, 3, memory_order_acq_rel) == 2) {
        pair->waker.vtable->wake(pair->waker.data);
    }
    *out_word = SM_WORD_COMPLETED;
    return SM_OK;
}

static enum sm_status oneshot_end_poll(struct sm_oneshot_end *end, const struct sm_waker *waker, uint32_t *out_word) {
    struct sm_oneshot_end *pair = end->pair;
    if (atomic_load_explicit(&pair->word, memory_order_acquire) == 3) {
        memcpy(end->buffer, &pair->element, pair->size);
        *out_word = SM_WORD_COMPLETED;
        return SM_OK;
    }
    waker->vtable->clone(waker->data, &pair->waker);
    atomic_exchange_explicit(&pair->word, 2, memory_order_acq_rel);
    *out_word = SM_WORD_BLOCKED;
    return SM_OK;
}

static enum sm_status oneshot_end_drop(struct sm_oneshot_end *end) {
    struct sm_oneshot_end *pair = end->pair;
    floor_settle();
    if (atomic_load_explicit(&pair->one_left, memory_order_acquire) ||
        atomic_exchange_explicit(&pair->one_left, 1, memory_order_acq_rel)) {
        free(pair);
    }
    return SM_OK;
}

// What no bench does.
static enum sm_status oneshot_end_cancel(struct sm_oneshot_end *end, uint32_t *out_word) {
    (void)end;
    (void)out_word;
    return SM_IDLE;
}

static enum sm_status oneshot_end_transfer(struct sm_oneshot_end *reader, struct sm_oneshot_end **out_reader) {
    (void)reader;
    (void)out_reader;
    return SM_BUSY;
}

static enum sm_status oneshot_set_create(struct sm_oneshot_set **out_set) {
    (void)out_set;
    return SM_NO_MEMORY;
}

static enum sm_status oneshot_set_destroy(struct sm_oneshot_set *set) {
    (void)set;
    return SM_OK;
}

static enum sm_status oneshot_set_join(struct sm_oneshot_set *set, struct sm_oneshot_end *end, void *token) {
    (void)set;
    (void)end;
    (void)token;
    return SM_NO_MEMORY;
}

static enum sm_status oneshot_set_poll(struct sm_oneshot_set *set, const struct sm_waker *waker,
                                       struct sm_event *out_event) {
    (void)set;
    (void)waker;
    (void)out_event;
    return SM_EMPTY;
}

const struct sm_oneshot_ops floor_oneshot =
    SLOTMARK_ONESHOT_OPS(.progress = SM_PROGRESS_WAIT_FREE, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                         SLOTMARK_ONESHOT_CHANNEL, SLOTMARK_ONESHOT_ENDS);
