// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the litmus scenarios of promises, loops and jobs share: a loop, a promise of it, and what is done to them.
// Whoever is to be on the loop's thread enters the loop, and leaves it.
#ifndef SLOTMARK_STRESS_PROMISE_COURT_H_
#define SLOTMARK_STRESS_PROMISE_COURT_H_

#include <stdatomic.h>

#include "stress/litmus.h"

// verdict is what a promise is decided with.
struct verdict {
    int line; // plain: ThreadSanitizer sees a race where the subject does not order it
    int drops;
};

static inline void drop_verdict(void *context, void *value) {
    (void)context;
    ((struct verdict *)value)->drops++;
}

static const struct sm_value_type verdicts = {sizeof verdicts, NULL, drop_verdict, NULL};

// court is the record, or begins it.
struct court {
    _Alignas(64) struct sm_loop *loop;
    struct sm_promise *promise;
    struct sm_fulfiller *fulfiller;
    _Alignas(64) struct verdict verdicts[2]; // of the first actor, and of the second
    _Alignas(64) atomic_int wakes, notices;  // of the court's own waker; calls of notify
    struct {
        _Alignas(64) int seen[2];
    } actors[2];
};

// ------------------------------------------------------------------------------------------------------------------
// Wakes and notices

static const struct sm_waker_vtable bell_vtable;

static inline enum sm_status clone_bell(const void *data, struct sm_waker *out_waker) {
    *out_waker = (struct sm_waker){(void *)(uintptr_t)data, &bell_vtable};
    return SM_OK;
}

static inline void drop_bell(void *data) {
    (void)data;
}

static inline void ring_by_ref(const void *data) {
    struct court *court = (struct court *)(uintptr_t)data;
    atomic_fetch_add_explicit(&court->wakes, 1, memory_order_relaxed);
}

static inline void ring(void *data) {
    ring_by_ref(data);
}

// A bell is a waker of the suite's own, which counts how often it is woken.
static const struct sm_waker_vtable bell_vtable = {clone_bell, ring, ring_by_ref, drop_bell};

static inline int wakes_of(struct court *court) {
    return atomic_load_explicit(&court->wakes, memory_order_relaxed);
}

static inline void count_notice(void *context) {
    struct court *court = context;
    atomic_fetch_add_explicit(&court->notices, 1, memory_order_release);
}

// ------------------------------------------------------------------------------------------------------------------
// Loops and promises

static inline void enter(struct sm_trial *trial, struct court *court) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(court->loop));
}

static inline void leave(struct sm_trial *trial, struct court *court) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_leave(court->loop));
}

static inline int run(struct sm_trial *trial, struct court *court) {
    uint32_t count = 0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_run(court->loop, &count));
    return (int)count;
}

// enter_and_run returns how many events there were.
static inline int enter_and_run(struct sm_trial *trial, struct court *court) {
    enter(trial, court);
    int count = run(trial, court);
    leave(trial, court);
    return count;
}

// What a poll found.
enum { PENDING, VALUE, ERROR, CANCELLED };

static inline int poll_with(struct sm_trial *trial, struct court *court, const struct sm_waker *waker,
                            struct verdict **out_verdict) {
    enum sm_poll poll = SM_POLL_PENDING;
    void *value = NULL;
    enum sm_status status = trial->promise->poll(court->promise, waker, &poll, &value);
    *out_verdict = value;
    if (status == SM_FAILED || status == SM_CANCELLED) {
        return status == SM_FAILED ? ERROR : CANCELLED;
    }
    SM_EXPECT_STATUS(trial, SM_OK, status);
    return poll == SM_POLL_READY ? VALUE : PENDING;
}

static inline int poll(struct sm_trial *trial, struct court *court, struct verdict **out_verdict) {
    const struct sm_waker waker = {court, &bell_vtable};
    return poll_with(trial, court, &waker, out_verdict);
}

static inline int enter_run_and_poll(struct sm_trial *trial, struct court *court, struct verdict **out_verdict) {
    enter(trial, court);
    run(trial, court);
    int found = poll(trial, court, out_verdict);
    leave(trial, court);
    return found;
}

static inline void begin_loop(struct sm_trial *trial, void *state) {
    struct court *court = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_create(count_notice, court, &court->loop));
}

// begin_promise makes a loop that has been run until idle, and a promise of it.
static inline void begin_promise(struct sm_trial *trial, void *state) {
    struct court *court = state;
    begin_loop(trial, court);
    enter(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->create(court->loop, &verdicts, &court->promise, &court->fulfiller));
    run(trial, court);
    leave(trial, court);
}

// begin_shared makes such a promise, whose fulfiller has two references.
static inline void begin_shared(struct sm_trial *trial, void *state) {
    struct court *court = state;
    begin_promise(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->share(court->fulfiller));
}

// begin_awaited makes such a promise, which is awaited.
static inline void begin_awaited(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    begin_promise(trial, court);
    enter(trial, court);
    SM_EXPECT_EQUAL(trial, PENDING, poll(trial, court, &verdict), "what a poll found (0: PENDING)");
    run(trial, court);
    leave(trial, court);
}

static inline void destroy_promise(struct sm_trial *trial, void *state) {
    struct court *court = state;
    enter(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(court->promise));
    leave(trial, court);
}

static inline void destroy_loop(struct sm_trial *trial, void *state) {
    struct court *court = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(court->loop));
}

// close_court frees what is left.
static inline void close_court(struct sm_trial *trial, struct court *court) {
    destroy_promise(trial, court);
    destroy_loop(trial, court);
}

// ------------------------------------------------------------------------------------------------------------------
// What actors do

// decided returns 1 for SM_OK, 0 for `otherwise`.
static inline int decided(struct sm_trial *trial, enum sm_status status, enum sm_status otherwise) {
    if (status != otherwise) {
        SM_EXPECT_STATUS(trial, SM_OK, status);
    }
    return status == SM_OK;
}

static inline void write_and_fulfill(struct sm_trial *trial, void *state) {
    struct court *court = state;
    court->verdicts[0].line = 7;
    court->actors[0].seen[0] =
        decided(trial, trial->promise->fulfill(court->fulfiller, &court->verdicts[0]), SM_COMPLETED);
}

static inline void drop_fulfiller(struct sm_trial *trial, void *state) {
    const struct court *court = state;
    trial->promise->drop_fulfiller(court->fulfiller);
}

static inline void enter_and_poll(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    enter(trial, court);
    court->actors[1].seen[0] = poll(trial, court, &verdict);
    leave(trial, court);
}

#endif // SLOTMARK_STRESS_PROMISE_COURT_H_
