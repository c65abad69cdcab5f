// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `future` that look at the waker which a poll lends, and at its clones.
#include <stdatomic.h>

#include "conformance/future_fixture.h"
#include "conformance/harness/script.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"

// wakes_expected is how many of `count` wakes reach the host, as declared.
static unsigned wakes_expected(const struct sm_trial *trial, unsigned count) {
    return trial->future->wakes == SM_WAKES_DELIVERED ? count : 0;
}

static void expect_wakes(struct sm_counting_waker *waker, unsigned count) {
    SM_EXPECT_EQUAL(waker->trial, wakes_expected(waker->trial, count), atomic_load(&waker->wakes),
                    "wakes of the host's waker");
}

// The future wakes the waker of its poll, by reference.
static void wake_inside_poll_goes_where_declared(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_counting_waker waker;
    sm_script_begin(&script, trial);
    sm_counting_waker_begin(&waker, trial);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, &waker.waker);
    expect_wakes(&waker, 1);
    expect_pending(trial, future, &waker.waker);
    expect_wakes(&waker, 2);
}

// polled_once boxes a future that keeps a clone of the waker, and polls it.
static struct sm_future *polled_once(struct sm_trial *trial, struct sm_script *script,
                                     struct sm_counting_waker *waker) {
    sm_script_begin(script, trial);
    sm_counting_waker_begin(waker, trial);
    sm_script_add(script, SM_STEP_CLONE, NULL);
    struct sm_future *future = boxed(script);
    expect_pending(trial, future, &waker->waker);
    return future;
}

// The future keeps a clone, which is woken after the poll.
static void wake_after_poll_goes_where_declared(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_counting_waker waker;
    polled_once(trial, &script, &waker);
    expect_wakes(&waker, 0);
    script.kept.vtable->wake_by_ref(script.kept.data);
    expect_wakes(&waker, 1);
}

// Where wakes are LOST, the host's waker is not cloned, woken or dropped, whatever the future does with its own.
static void lost_wakes_leave_the_hosts_waker_alone(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->future->wakes == SM_WAKES_LOST, "wakes are not declared as LOST");
    struct sm_script script;
    struct sm_counting_waker waker;
    sm_script_begin(&script, trial);
    sm_counting_waker_begin(&waker, trial);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    sm_script_add(&script, SM_STEP_CLONE, NULL);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, &waker.waker);
    expect_pending(trial, future, &waker.waker);
    script.kept.vtable->wake(script.kept.data);
    destroy(trial, future);
    SM_EXPECT_EQUAL(trial, 0, atomic_load(&waker.wakes) + atomic_load(&waker.clones) + atomic_load(&waker.drops),
                    "uses of the host's waker");
}

static void wake_kept(struct sm_trial *trial, void *context) {
    struct sm_script *script = context;
    (void)trial;
    script->kept.vtable->wake(script->kept.data);
}

// Woken and cloned inside the poll; the clone is woken by value on another thread.
static void null_waker_is_a_usable_no_op(struct sm_trial *trial) {
    struct sm_script script;
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    sm_script_add(&script, SM_STEP_CLONE, NULL);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, NULL);
    expect_pending(trial, future, NULL);
    SM_EXPECT(trial, script.kept.vtable != NULL, "a clone of the no-op waker");
    script.kept.vtable->wake_by_ref(script.kept.data);
    sm_on_thread(trial, wake_kept, &script);
}

// A clone of the no-op waker can itself be cloned, and both be dropped after the future.
static void clones_of_the_no_op_waker_are_wakers(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_waker second = {NULL, NULL};
    sm_script_begin(&script, trial);
    sm_script_add(&script, SM_STEP_CLONE, NULL);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, NULL);
    SM_EXPECT_STATUS(trial, SM_OK, script.kept.vtable->clone(script.kept.data, &second));
    destroy(trial, future);
    script.kept.vtable->drop(script.kept.data);
    second.vtable->wake(second.data);
}

// The clone is woken by value on another thread while the future is pending.
static void clone_wakes_from_another_thread(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_counting_waker waker;
    polled_once(trial, &script, &waker);
    sm_on_thread(trial, wake_kept, &script);
    expect_wakes(&waker, 1);
}

// The clone is woken after the future has been destroyed: what it refers to is still there.
static void clone_outlives_the_future(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_counting_waker waker;
    struct sm_future *future = polled_once(trial, &script, &waker);
    destroy(trial, future);
    script.kept.vtable->wake(script.kept.data);
    expect_wakes(&waker, 1);
}

static void expect_only_the_hosts_reference(struct sm_counting_waker *waker) {
    SM_EXPECT_EQUAL(waker->trial, 1, atomic_load(&waker->references), "references to the host's waker");
}

// Polls that do nothing with the waker. What the library itself kept of it is given back by destroy at the latest.
static void poll_leaves_the_host_its_waker(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_counting_waker waker;
    sm_script_begin(&script, trial);
    sm_counting_waker_begin(&waker, trial);
    struct sm_future *future = boxed(&script);
    for (unsigned i = 0; i < 3; i++) {
        expect_pending(trial, future, &waker.waker);
    }
    destroy(trial, future);
    expect_only_the_hosts_reference(&waker);
}

// The future's clone is the future's: dropped, it is gone, and nothing else is left.
static void dropped_clone_gives_its_reference_back(struct sm_trial *trial) {
    struct sm_script script;
    struct sm_counting_waker waker;
    sm_script_begin(&script, trial);
    sm_counting_waker_begin(&waker, trial);
    sm_script_add(&script, SM_STEP_CLONE, NULL);
    sm_script_add(&script, SM_STEP_READY, word_value(1));
    struct sm_future *future = boxed(&script);
    poll_as(trial, future, &waker.waker, SM_OK);
    poll_as(trial, future, &waker.waker, SM_OK);
    destroy(trial, future);
    script.kept.vtable->drop(script.kept.data);
    expect_only_the_hosts_reference(&waker);
}

// Two polls with two wakers, the future waking each time: the second wake goes to the second waker.
static void each_poll_lends_its_own_waker(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->future->wakes == SM_WAKES_DELIVERED, "wakes are not declared as DELIVERED");
    struct sm_script script;
    struct sm_counting_waker first, second;
    sm_script_begin(&script, trial);
    sm_counting_waker_begin(&first, trial);
    sm_counting_waker_begin(&second, trial);
    sm_script_add(&script, SM_STEP_PENDING, NULL);
    sm_script_add(&script, SM_STEP_WAKE, NULL);
    struct sm_future *future = boxed(&script);
    expect_pending(trial, future, &first.waker);
    expect_pending(trial, future, &second.waker);
    SM_EXPECT_EQUAL(trial, 0, atomic_load(&first.wakes), "wakes of the waker of an earlier poll");
    SM_EXPECT_EQUAL(trial, 1, atomic_load(&second.wakes), "wakes of the waker of this poll");
}

const struct sm_case sm_future_waker_cases[] = {
    SM_CASE(FUTURE_13, wake_inside_poll_goes_where_declared),
    SM_CASE(FUTURE_13, wake_after_poll_goes_where_declared),
    SM_CASE(FUTURE_13, lost_wakes_leave_the_hosts_waker_alone),
    SM_CASE(FUTURE_14, null_waker_is_a_usable_no_op),
    SM_CASE(FUTURE_14, clones_of_the_no_op_waker_are_wakers),
    SM_CASE(FUTURE_27, clone_wakes_from_another_thread),
    SM_CASE(FUTURE_27, clone_outlives_the_future),
    SM_CASE(FUTURE_28, poll_leaves_the_host_its_waker),
    SM_CASE(FUTURE_28, dropped_clone_gives_its_reference_back),
    SM_CASE(FUTURE_31, each_poll_lends_its_own_waker),
};
const size_t sm_future_waker_case_count = sizeof sm_future_waker_cases / sizeof sm_future_waker_cases[0];
