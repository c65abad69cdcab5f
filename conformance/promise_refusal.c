// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `promise` that look at what is refused and what that leaves: arguments, memory that runs
// out.
#include "conformance/harness/allocation.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/value.h"
#include "conformance/promise_fixture.h"

// ------------------------------------------------------------------------------------------------------------------
// Arguments

// Every parameter that must not be NULL; afterwards everything works.
static void null_arguments_are_invalid(struct sm_trial *trial) {
    const struct sm_promise_ops *ops = trial->promise;
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    const struct sm_value_type *type = sm_value_type_tracked(trial);
    struct sm_promise *promise = NULL;
    struct sm_fulfiller *fulfiller = NULL;
    enum sm_poll found = SM_POLL_PENDING;
    uint32_t count = 0;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->loop_create(NULL, NULL, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->loop_enter(NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->loop_leave(NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->loop_turn(NULL, &count));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->loop_turn(pledge.loop, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->loop_run(NULL, &count));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->loop_run(pledge.loop, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->create(NULL, type, &promise, &fulfiller));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->create(pledge.loop, NULL, &promise, &fulfiller));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->create(pledge.loop, type, NULL, &fulfiller));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->create(pledge.loop, type, &promise, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->fulfill(NULL, &pledge));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->reject(NULL, &pledge));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->poll(NULL, &nobody, &found, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->poll(pledge.promise, NULL, &found, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->poll(pledge.promise, &nobody, NULL, &out));
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->poll(pledge.promise, &nobody, &found, NULL));
    SM_EXPECT_STATUS(trial, SM_OK, ops->destroy(NULL));
    ops->drop_fulfiller(NULL);
    void *value = fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    SM_EXPECT_STATUS(trial, SM_INVALID, ops->poll(pledge.promise, &nobody, &found, NULL));
    expect_value(trial, pledge.promise, value);
}
static void null_fulfiller_is_not_shared(struct sm_trial *trial) {
    SM_NEED(trial, promise, share);
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->promise->share(NULL));
}

// ------------------------------------------------------------------------------------------------------------------
// Memory

enum { ATTEMPTS_MAX = 64 };

static void need_reported(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->promise->out_of_memory == SM_OUT_OF_MEMORY_REPORTED,
                     "out_of_memory is not declared as REPORTED");
    sm_allocation_need(trial);
}

// REPORTED: a decision that fails leaves the promise undecided and its value the caller's; with memory it succeeds.
static void decision_without_memory_changes_nothing(struct sm_trial *trial) {
    need_reported(trial);
    struct sm_loop *loop = entered_loop(trial);
    for (unsigned i = 0; i < ATTEMPTS_MAX; i++) {
        struct pledge pledge = new_pledge(trial, loop);
        void *value = sm_value_make(trial, "decided with, without memory");
        sm_allocation_fail(1);
        enum sm_status status = i % 2 == 0 ? trial->promise->fulfill(pledge.fulfiller, value)
                                           : trial->promise->reject(pledge.fulfiller, value);
        sm_allocation_fail(0);
        if (status == SM_OK) {
            continue;
        }
        SM_EXPECT_STATUS(trial, SM_NO_MEMORY, status);
        SM_EXPECT_DROPS(trial, 0, value);
        run(trial, loop);
        expect_pending(trial, pledge.promise);
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->fulfill(pledge.fulfiller, value));
        run(trial, loop);
        expect_value(trial, pledge.promise, value);
    }
}

// REPORTED: a poll that fails keeps the waker that was there.
static void poll_without_memory_changes_nothing(struct sm_trial *trial) {
    need_reported(trial);
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener one;
    struct listener other;
    listener_begin(&one, trial);
    listener_begin(&other, trial);
    expect_pending_with(trial, pledge.promise, &one.waker);
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    sm_allocation_fail(1);
    enum sm_status status = trial->promise->poll(pledge.promise, &other.waker, &found, &out);
    sm_allocation_fail(0);
    fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    SM_EXPECT(trial, status == SM_OK || status == SM_NO_MEMORY, "SM_OK or SM_NO_MEMORY from poll");
    expect_wakes(&one, status == SM_OK ? 0 : 1);
    expect_wakes(&other, status == SM_OK ? 1 : 0);
}

// NEVER: the allocations of the thread are counted over everything that is done with a promise that exists.
static void declared_never_means_no_allocation(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->promise->out_of_memory == SM_OUT_OF_MEMORY_NEVER,
                     "out_of_memory is not declared as NEVER");
    sm_allocation_need(trial);
    struct sm_loop *loop = entered_loop(trial);
    for (unsigned i = 0; i < ATTEMPTS_MAX; i++) {
        struct pledge pledge = new_pledge_of(trial, loop, sm_value_type_word(trial));
        struct listener listener;
        listener_begin(&listener, trial);
        enum sm_poll found = SM_POLL_PENDING;
        void *out = NULL;
        unsigned long before = sm_allocation_count();
        trial->promise->poll(pledge.promise, &listener.waker, &found, &out);
        i % 2 == 0 ? trial->promise->fulfill(pledge.fulfiller, NULL) : trial->promise->reject(pledge.fulfiller, NULL);
        trial->promise->poll(pledge.promise, &listener.waker, &found, &out);
        SM_EXPECT_EQUAL(trial, 0, sm_allocation_count() - before, "allocations of poll, fulfill and reject");
        run(trial, loop);
    }
}

// The second listener cannot be cloned, so the first is told.
static void poll_whose_clone_fails_keeps_the_waker(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener one;
    struct listener other;
    listener_begin(&one, trial);
    listener_begin(&other, trial);
    other.fail_clones = 1;
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_NO_MEMORY, trial->promise->poll(pledge.promise, &other.waker, &found, &out));
    expect_pending_with(trial, pledge.promise, &one.waker);
    SM_EXPECT_STATUS(trial, SM_NO_MEMORY, trial->promise->poll(pledge.promise, &other.waker, &found, &out));
    void *value = fulfill_new(trial, &pledge);
    run(trial, pledge.loop);
    expect_wakes(&one, 1);
    expect_wakes(&other, 0);
    expect_value(trial, pledge.promise, value);
}

const struct sm_case sm_promise_refusal_cases[] = {
    SM_CASE(PROMISE_32, decision_without_memory_changes_nothing),
    SM_CASE(PROMISE_32, poll_without_memory_changes_nothing),
    SM_CASE(PROMISE_32, declared_never_means_no_allocation),
    SM_CASE(PROMISE_33, poll_whose_clone_fails_keeps_the_waker),
    SM_CASE(PROMISE_34, null_arguments_are_invalid),
    SM_CASE(PROMISE_34, null_fulfiller_is_not_shared),
};
const size_t sm_promise_refusal_case_count = sizeof sm_promise_refusal_cases / sizeof sm_promise_refusal_cases[0];
