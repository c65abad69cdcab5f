// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `promise` in which there are many: references to a fulfiller, wakes and clones of a job's
// waker, events that wait. What counts them in 8 or 16 bits, or has room for a thousand, is found out.
#include "conformance/harness/suite.h"
#include "conformance/promise_job_fixture.h"

// More than 16 bits count, and exactly what makes a counter of 8 or 16 bits come round to where it was.
enum { MANY = 70000, ROUND_OF_8_BITS = 1 << 8, ROUND_OF_16_BITS = 1 << 16 };

static void fulfiller_has_any_number_of_references(struct sm_trial *trial) {
    SM_NEED(trial, promise, share);
    struct sm_loop *loop = entered_loop(trial);
    struct pledge pledge = new_pledge(trial, loop);
    for (unsigned i = 0; i < MANY; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->share(pledge.fulfiller));
    }
    for (unsigned i = 0; i < MANY; i++) {
        trial->promise->drop_fulfiller(pledge.fulfiller);
    }
    expect_pending(trial, pledge.promise);
    void *value = fulfill_new(trial, &pledge);
    run(trial, loop);
    expect_value(trial, pledge.promise, value);
}

// Decided one after the other before the first is told.
static void thousands_of_promises_are_told_of_in_one_run(struct sm_trial *trial) {
    enum { COUNT = 5000 };
    static struct pledge pledges[COUNT];
    struct sm_loop *loop = entered_loop(trial);
    struct listener listener;
    listener_begin(&listener, trial);
    for (unsigned i = 0; i < COUNT; i++) {
        pledges[i] = new_pledge_of(trial, loop, sm_value_type_word(trial));
        expect_pending_with(trial, pledges[i].promise, &listener.waker);
    }
    for (unsigned i = 0; i < COUNT; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->promise->fulfill(pledges[i].fulfiller, word(i)));
    }
    run(trial, loop);
    expect_wakes(&listener, COUNT);
    for (unsigned i = 0; i < COUNT; i++) {
        expect_value(trial, pledges[i].promise, word(i));
    }
}

static void any_number_of_wakes_before_a_poll_are_one(struct sm_trial *trial) {
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part part = {.trial = trial, .poll = keep};
    spawn_part(loop, &part);
    run(trial, loop);
    unsigned polls = 1;
    for (unsigned times = ROUND_OF_8_BITS; times <= ROUND_OF_16_BITS; times *= ROUND_OF_8_BITS) {
        for (unsigned i = 0; i < times; i++) {
            wake(&part.kept);
        }
        run(trial, loop);
        expect_part_polls(&part, ++polls);
    }
}

// All live at once; the last of them wakes still.
static void job_has_any_number_of_wakers(struct sm_trial *trial) {
    static struct sm_waker clones[MANY];
    SM_NEED(trial, promise, job_spawn);
    struct sm_loop *loop = entered_loop(trial);
    struct part part = {.trial = trial, .poll = keep};
    spawn_part(loop, &part);
    run(trial, loop);
    for (unsigned i = 0; i < MANY; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, part.kept.vtable->clone(part.kept.data, &clones[i]));
    }
    release(&part.kept);
    for (unsigned i = 0; i + 1 < MANY; i++) {
        release(&clones[i]);
    }
    clones[MANY - 1].vtable->wake(clones[MANY - 1].data);
    run(trial, loop);
    expect_part_polls(&part, 2);
}

const struct sm_case sm_promise_many_cases[] = {
    SM_CASE(PROMISE_05, thousands_of_promises_are_told_of_in_one_run),
    SM_CASE(PROMISE_24, fulfiller_has_any_number_of_references),
    SM_CASE(PROMISE_39, any_number_of_wakes_before_a_poll_are_one),
    SM_CASE(PROMISE_42, job_has_any_number_of_wakers),
};
const size_t sm_promise_many_case_count = sizeof sm_promise_many_cases / sizeof sm_promise_many_cases[0];
