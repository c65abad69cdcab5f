// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `promise` whose values and wakers call back: a drop, a wake or a clone that uses the
// library.
#include "conformance/harness/suite.h"
#include "conformance/harness/value.h"
#include "conformance/promise_fixture.h"

static void use_the_library(struct sm_trial *trial, void *context) {
    struct pledge *other = context;
    fulfill_elsewhere(trial, other);
    struct pledge third = new_pledge(trial, other->loop);
    expect_pending(trial, third.promise);
    destroy(trial, third.promise);
    trial->promise->drop_fulfiller(third.fulfiller);
}

// expect_other_decided sees that use_the_library was called, once.
static void expect_other_decided(struct sm_trial *trial, const struct pledge *other) {
    run(trial, other->loop);
    expect_value(trial, other->promise, other->value);
}

// The drop inside destroy waits for a thread that decides another promise of the loop.
static void drop_of_a_result_may_use_the_library(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct pledge other = new_pledge(trial, pledge.loop);
    sm_value_on_drop(trial, fulfill_new(trial, &pledge), use_the_library, &other);
    destroy(trial, pledge.promise);
    expect_other_decided(trial, &other);
}

// meeting is a promise that is polled with a waker which uses the library, on another promise of the loop.
struct meeting {
    struct pledge pledge, other;
    struct listener listener;
};

static void meet(struct sm_trial *trial, struct meeting *meeting) {
    meeting->pledge = new_pledge(trial, entered_loop(trial));
    meeting->other = new_pledge(trial, meeting->pledge.loop);
    listener_begin(&meeting->listener, trial);
    meeting->listener.context = &meeting->other;
}

// So does each member of a waker: its clone in poll, its wake in a turn, its drop in poll and in destroy.
static void wake_may_use_the_library(struct sm_trial *trial) {
    struct meeting meeting;
    meet(trial, &meeting);
    meeting.listener.on_wake = use_the_library;
    expect_pending_with(trial, meeting.pledge.promise, &meeting.listener.waker);
    fulfill_new(trial, &meeting.pledge);
    run(trial, meeting.pledge.loop);
    expect_other_decided(trial, &meeting.other);
}
static void clone_may_use_the_library(struct sm_trial *trial) {
    struct meeting meeting;
    meet(trial, &meeting);
    meeting.listener.on_clone = use_the_library;
    expect_pending_with(trial, meeting.pledge.promise, &meeting.listener.waker);
    expect_other_decided(trial, &meeting.other);
}
static void drop_of_a_replaced_waker_may_use_the_library(struct sm_trial *trial) {
    struct meeting meeting;
    meet(trial, &meeting);
    meeting.listener.on_drop = use_the_library;
    expect_pending_with(trial, meeting.pledge.promise, &meeting.listener.waker);
    expect_pending(trial, meeting.pledge.promise);
    expect_other_decided(trial, &meeting.other);
}
static void drop_of_a_kept_waker_may_use_the_library(struct sm_trial *trial) {
    struct meeting meeting;
    meet(trial, &meeting);
    meeting.listener.on_drop = use_the_library;
    expect_pending_with(trial, meeting.pledge.promise, &meeting.listener.waker);
    destroy(trial, meeting.pledge.promise);
    expect_other_decided(trial, &meeting.other);
}

// poll_in_clone decides the very promise that is being polled, on another thread, and runs nothing.
static void decide_in_clone(struct sm_trial *trial, void *context) {
    fulfill_elsewhere(trial, context);
}

// A decision that comes while poll clones the waker is not missed: the waker is woken, or the value was given.
static void decision_inside_the_clone_is_not_missed(struct sm_trial *trial) {
    struct pledge pledge = new_pledge(trial, entered_loop(trial));
    struct listener listener;
    listener_begin(&listener, trial);
    listener.on_clone = decide_in_clone;
    listener.context = &pledge;
    enum sm_poll found = SM_POLL_PENDING;
    void *out = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->poll(pledge.promise, &listener.waker, &found, &out));
    listener.on_clone = NULL;
    run(trial, pledge.loop);
    if (found == SM_POLL_PENDING) {
        expect_wakes(&listener, 1);
        expect_value(trial, pledge.promise, pledge.value);
    }
}

const struct sm_case sm_promise_reentry_cases[] = {
    SM_CASE(PROMISE_25, decision_inside_the_clone_is_not_missed),
    SM_CASE(PROMISE_35, drop_of_a_result_may_use_the_library),
    SM_CASE(PROMISE_35, wake_may_use_the_library),
    SM_CASE(PROMISE_35, clone_may_use_the_library),
    SM_CASE(PROMISE_35, drop_of_a_replaced_waker_may_use_the_library),
    SM_CASE(PROMISE_35, drop_of_a_kept_waker_may_use_the_library),
};
const size_t sm_promise_reentry_case_count = sizeof sm_promise_reentry_cases / sizeof sm_promise_reentry_cases[0];
