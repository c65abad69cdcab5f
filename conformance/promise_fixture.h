// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the cases of the profile `promise` share: a loop, a promise of it, and a listener that is told of it.
#ifndef SLOTMARK_CONFORMANCE_PROMISE_FIXTURE_H_
#define SLOTMARK_CONFORMANCE_PROMISE_FIXTURE_H_

#include <stdatomic.h>

#include "conformance/harness/thread.h"
#include "conformance/harness/trial.h"
#include "conformance/harness/value.h"

enum { ROUNDS = 2000 };

static inline void *word(uintptr_t bits) {
    return (void *)bits;
}

static inline struct sm_loop *new_loop(struct sm_trial *trial) {
    struct sm_loop *loop = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_create(NULL, NULL, &loop));
    SM_EXPECT(trial, loop != NULL, "a loop from loop_create");
    return loop;
}

// entered_loop returns a new loop, which the calling thread has entered.
static inline struct sm_loop *entered_loop(struct sm_trial *trial) {
    struct sm_loop *loop = new_loop(trial);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_enter(loop));
    return loop;
}

static inline void destroy_loop(struct sm_trial *trial, struct sm_loop *loop) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_destroy(loop));
}

// run runs the loop until it is idle and returns how many events there were; turn dispatches one.
static inline uint32_t run(struct sm_trial *trial, struct sm_loop *loop) {
    uint32_t count = UINT32_MAX;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_run(loop, &count));
    return count;
}
static inline uint32_t turn(struct sm_trial *trial, struct sm_loop *loop) {
    uint32_t count = UINT32_MAX;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->loop_turn(loop, &count));
    return count;
}

// pledge is a promise with its fulfiller.
struct pledge {
    struct sm_loop *loop;
    struct sm_promise *promise;
    struct sm_fulfiller *fulfiller;
    void *value; // for another thread to decide it with
};

static inline struct pledge new_pledge_of(struct sm_trial *trial, struct sm_loop *loop,
                                          const struct sm_value_type *type) {
    struct pledge pledge = {.loop = loop};
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->create(loop, type, &pledge.promise, &pledge.fulfiller));
    SM_EXPECT(trial, pledge.promise != NULL && pledge.fulfiller != NULL, "a promise and a fulfiller from create");
    return pledge;
}

static inline struct pledge new_pledge(struct sm_trial *trial, struct sm_loop *loop) {
    return new_pledge_of(trial, loop, sm_value_type_tracked(trial));
}

static inline void destroy(struct sm_trial *trial, struct sm_promise *promise) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(promise));
}

// fulfill_new fulfills with a new value, and returns it.
static inline void *fulfill_new(struct sm_trial *trial, const struct pledge *pledge) {
    void *value = sm_value_make(trial, "fulfilled with");
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->fulfill(pledge->fulfiller, value));
    return value;
}

static inline void fulfill_elsewhere_body(struct sm_trial *trial, void *context) {
    struct pledge *pledge = context;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->fulfill(pledge->fulfiller, pledge->value));
}

// fulfill_elsewhere does so on another thread.
static inline void *fulfill_elsewhere(struct sm_trial *trial, struct pledge *pledge) {
    pledge->value = sm_value_make(trial, "fulfilled with, on another thread");
    sm_on_thread(trial, fulfill_elsewhere_body, pledge);
    return pledge->value;
}

// decide_too_late is refused as SM_CLOSED, with a value and with an error.
static inline void decide_too_late(struct sm_trial *trial, void *context) {
    const struct pledge *pledge = context;
    void *value = sm_value_make(trial, "too late");
    SM_EXPECT_STATUS(trial, SM_CLOSED, trial->promise->fulfill(pledge->fulfiller, value));
    SM_EXPECT_STATUS(trial, SM_CLOSED, trial->promise->reject(pledge->fulfiller, value));
    SM_EXPECT_DROPS(trial, 0, value);
}

// listener is a waker that counts, notes the thread of its last wake, and calls back where it is told to.
struct listener {
    struct sm_waker waker;
    struct sm_trial *trial;
    atomic_uint wakes;
    atomic_uint clones;
    atomic_int references; // alive now; the case's own is one
    atomic_int thread;     // gettid() of the last wake
    int fail_clones;
    void (*on_wake)(struct sm_trial *trial, void *context);
    void (*on_clone)(struct sm_trial *trial, void *context);
    void (*on_drop)(struct sm_trial *trial, void *context);
    void *context;
};

static inline struct listener *listener_of(const void *data) {
    struct listener *listener = (struct listener *)(uintptr_t)data;
    if (atomic_load(&listener->references) <= 0) {
        sm_fail(listener->trial, SM_HERE, "no use of a waker after its last reference", "a use");
    }
    return listener;
}

static const struct sm_waker_vtable listener_vtable;

static inline enum sm_status listener_clone(const void *data, struct sm_waker *out_waker) {
    struct listener *listener = listener_of(data);
    if (listener->on_clone != NULL) {
        listener->on_clone(listener->trial, listener->context);
    }
    if (listener->fail_clones) {
        return SM_NO_MEMORY;
    }
    atomic_fetch_add(&listener->clones, 1);
    atomic_fetch_add(&listener->references, 1);
    *out_waker = (struct sm_waker){listener, &listener_vtable};
    return SM_OK;
}

static inline void listener_wake_by_ref(const void *data) {
    struct listener *listener = listener_of(data);
    atomic_store(&listener->thread, sm_thread_id());
    atomic_fetch_add(&listener->wakes, 1);
    if (listener->on_wake != NULL) {
        listener->on_wake(listener->trial, listener->context);
    }
}

static inline void listener_give_up(struct listener *listener) {
    atomic_fetch_sub(&listener->references, 1);
}

static inline void listener_drop(void *data) {
    struct listener *listener = listener_of(data);
    if (listener->on_drop != NULL) {
        listener->on_drop(listener->trial, listener->context);
    }
    listener_give_up(listener);
}

static inline void listener_wake(void *data) {
    listener_wake_by_ref(data);
    listener_give_up(listener_of(data));
}

static const struct sm_waker_vtable listener_vtable = {listener_clone, listener_wake, listener_wake_by_ref,
                                                       listener_drop};

static inline void listener_begin(struct listener *listener, struct sm_trial *trial) {
    *listener = (struct listener){.waker = {listener, &listener_vtable}, .trial = trial};
    atomic_store(&listener->references, 1);
}

static inline void expect_wakes(struct listener *listener, unsigned wakes) {
    SM_EXPECT_EQUAL(listener->trial, wakes, atomic_load(&listener->wakes), "wakes of the waker polled with");
}

static inline void expect_references(struct listener *listener, int references) {
    SM_EXPECT_EQUAL(listener->trial, (uint64_t)references, (uint64_t)atomic_load(&listener->references),
                    "references to the waker polled with");
}

// nobody is a waker that does nothing, for polls whose wake is not looked at.
static const struct sm_waker nobody;

static inline enum sm_status nobody_clone(const void *data, struct sm_waker *out_waker) {
    (void)data;
    *out_waker = nobody;
    return SM_OK;
}
static inline void nobody_consume(void *data) {
    (void)data;
}
static inline void nobody_wake_by_ref(const void *data) {
    (void)data;
}

static const struct sm_waker_vtable nobody_vtable = {nobody_clone, nobody_consume, nobody_wake_by_ref, nobody_consume};
static const struct sm_waker nobody = {NULL, &nobody_vtable};

static inline void expect_pending_with(struct sm_trial *trial, struct sm_promise *promise,
                                       const struct sm_waker *waker) {
    enum sm_poll found = SM_POLL_READY;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->poll(promise, waker, &found, &out));
    SM_EXPECT_POLL(trial, SM_POLL_PENDING, found);
}

static inline void expect_pending(struct sm_trial *trial, struct sm_promise *promise) {
    expect_pending_with(trial, promise, &nobody);
}

static inline void expect_value(struct sm_trial *trial, struct sm_promise *promise, const void *value) {
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->poll(promise, &nobody, &found, &out));
    SM_EXPECT_POLL(trial, SM_POLL_READY, found);
    SM_EXPECT_VALUE(trial, value, out, "the value of the promise");
}

static inline void expect_error(struct sm_trial *trial, struct sm_promise *promise, const void *error) {
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_FAILED, trial->promise->poll(promise, &nobody, &found, &out));
    SM_EXPECT_VALUE(trial, error, out, "the error of the promise");
}

static inline void expect_poll_status(struct sm_trial *trial, struct sm_promise *promise, enum sm_status status) {
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, status, trial->promise->poll(promise, &nobody, &found, &out));
}

#endif // SLOTMARK_CONFORMANCE_PROMISE_FIXTURE_H_
