// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the cases of typed pairs share: values that are lowered into buffers, and pairs with their operations.
#ifndef SLOTMARK_CONFORMANCE_ONESHOT_TYPED_FIXTURE_H_
#define SLOTMARK_CONFORMANCE_ONESHOT_TYPED_FIXTURE_H_

#include <stdatomic.h>
#include <string.h>

#include "conformance/harness/value.h"

// lowered is a tracked value in a buffer: its address, and its address's complement.
struct lowered {
    uintptr_t value, check;
};

// payload is a type with everything that it was asked for.
struct payload {
    struct sm_payload_type type;
    struct sm_trial *trial;
    atomic_uint lowers, lifts, list_frees, defaults;
    atomic_uint misplaced; // buffers that were not aligned
    void *last_default;
};

static inline void look_at_place(struct payload *payload, const void *buffer) {
    if ((uintptr_t)buffer % payload->type.buffer_align != 0) {
        atomic_fetch_add(&payload->misplaced, 1);
    }
}

static inline void lower(void *context, void *value, void *buffer) {
    struct payload *payload = context;
    struct lowered lowered = {(uintptr_t)value, ~(uintptr_t)value};
    atomic_fetch_add(&payload->lowers, 1);
    look_at_place(payload, buffer);
    memcpy(buffer, &lowered, sizeof lowered);
}

static inline struct lowered in_buffer(struct payload *payload, const void *buffer) {
    struct lowered lowered;
    look_at_place(payload, buffer);
    memcpy(&lowered, buffer, sizeof lowered);
    SM_EXPECT(payload->trial, lowered.check == ~lowered.value, "a buffer that holds what lower wrote");
    return lowered;
}

static inline void *lift(void *context, void *buffer) {
    struct payload *payload = context;
    atomic_fetch_add(&payload->lifts, 1);
    return (void *)in_buffer(payload, buffer).value;
}

static inline void free_lists(void *context, void *buffer) {
    struct payload *payload = context;
    atomic_fetch_add(&payload->list_frees, 1);
    in_buffer(payload, buffer);
}

static inline void drop(void *context, void *value) {
    struct payload *payload = context;
    sm_value_drop(payload->trial, value);
}

static inline void *make_default(void *context) {
    struct payload *payload = context;
    atomic_fetch_add(&payload->defaults, 1);
    payload->last_default = sm_value_make(payload->trial, "the default");
    return payload->last_default;
}

static inline void payload_begin(struct payload *payload, struct sm_trial *trial) {
    memset(payload, 0, sizeof *payload);
    payload->trial = trial;
    payload->type = (struct sm_payload_type){.size = sizeof payload->type,
                                             .buffer_size = sizeof(struct lowered),
                                             .buffer_align = _Alignof(struct lowered),
                                             .context = payload,
                                             .lower = lower,
                                             .lift = lift,
                                             .free_lists = free_lists,
                                             .drop = drop,
                                             .make_default = make_default};
}

static inline void expect_asked(struct sm_trial *trial, struct payload *payload, unsigned lowers, unsigned lifts,
                                unsigned list_frees) {
    SM_EXPECT_EQUAL(trial, lowers, atomic_load(&payload->lowers), "calls of lower");
    SM_EXPECT_EQUAL(trial, lifts, atomic_load(&payload->lifts), "calls of lift");
    SM_EXPECT_EQUAL(trial, list_frees, atomic_load(&payload->list_frees), "calls of free_lists");
}

struct typed {
    struct sm_typed_writer *writer;
    struct sm_typed_reader *reader;
};

static inline struct typed new_typed(struct sm_trial *trial, struct payload *payload) {
    struct typed typed = {NULL, NULL};
    SM_NEED(trial, oneshot, typed_create);
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_create(&payload->type, &typed.writer, &typed.reader));
    return typed;
}

static inline struct sm_typed_write *new_write(struct sm_trial *trial, struct sm_typed_writer *writer, void *value) {
    struct sm_typed_write *write = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_write(writer, value, &write));
    return write;
}

static inline struct sm_typed_read *new_read(struct sm_trial *trial, struct sm_typed_reader *reader) {
    struct sm_typed_read *read = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_read(reader, &read));
    return read;
}

static inline void expect_write(struct sm_trial *trial, enum sm_poll expected, struct sm_typed_write *write,
                                const struct sm_waker *waker) {
    enum sm_poll poll;
    void *out;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_write_poll(write, waker, &poll, &out));
    SM_EXPECT_POLL(trial, expected, poll);
}

static inline void expect_read_pending(struct sm_trial *trial, struct sm_typed_read *read,
                                       const struct sm_waker *waker) {
    enum sm_poll poll = SM_POLL_READY;
    void *out;
    SM_EXPECT_STATUS(trial, SM_OK, trial->oneshot->typed_read_poll(read, waker, &poll, &out));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, poll);
}

#endif // SLOTMARK_CONFORMANCE_ONESHOT_TYPED_FIXTURE_H_
