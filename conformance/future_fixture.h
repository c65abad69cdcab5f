// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the cases of the profile `future` share: scripts that are boxed, and polls with what they are expected to
// answer.
#ifndef SLOTMARK_CONFORMANCE_FUTURE_FIXTURE_H_
#define SLOTMARK_CONFORMANCE_FUTURE_FIXTURE_H_

#include <stdatomic.h>

#include "conformance/harness/script.h"

static inline struct sm_future *box(struct sm_trial *trial, struct sm_future_source source) {
    struct sm_future *future = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->create(&source, &future));
    SM_EXPECT(trial, future != NULL, "a future from create");
    return future;
}

// boxed boxes the script as a Sendable future.
static inline struct sm_future *boxed(struct sm_script *script) {
    return box(script->trial, sm_script_source(script, SM_FORM_SENDABLE));
}

static inline void poll_as(struct sm_trial *trial, struct sm_future *future, const struct sm_waker *waker,
                           enum sm_status expected) {
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, expected, trial->future->poll(future, waker, &found, &out));
}

static inline void expect_pending(struct sm_trial *trial, struct sm_future *future, const struct sm_waker *waker) {
    enum sm_poll found = SM_POLL_READY;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->poll(future, waker, &found, &out));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, found);
}

static inline void expect_ready(struct sm_trial *trial, struct sm_future *future, const void *value) {
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->poll(future, NULL, &found, &out));
    SM_EXPECT_POLL(trial, SM_POLL_READY, found);
    SM_EXPECT_VALUE(trial, value, out, "the value of the future");
}

static inline void destroy(struct sm_trial *trial, struct sm_future *future) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->future->destroy(future));
}

static inline void expect_polls(const struct sm_script *script, unsigned polls) {
    SM_EXPECT_EQUAL(script->trial, polls, atomic_load(&script->polls), "polls of the future");
}

static inline void expect_dropped(const struct sm_script *script, unsigned times) {
    SM_EXPECT_EQUAL(script->trial, times, atomic_load(&script->drops), "drops of the future");
}

// word_value returns a word to stand for a value whose drop does not matter.
static inline void *word_value(uintptr_t bits) {
    return (void *)bits;
}

static inline void need_checks(struct sm_trial *trial, uint32_t check, const char *reason) {
    SM_NEED_DECLARED(trial, (trial->future->checks & check) != 0, reason);
}

#endif // SLOTMARK_CONFORMANCE_FUTURE_FIXTURE_H_
