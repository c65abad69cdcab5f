// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `promise`: a loop that two threads would enter, and one that goes to sleep. Two
// loops are in promise_loop_pair.c.
#include "stress/promise_court.h"

// door is the record of who enters a loop.
struct door {
    struct court court;
    _Alignas(64) int visits; // plain: ThreadSanitizer sees two threads inside
};

// try_enter enters the loop, unless another thread has.
static void try_enter(struct sm_trial *trial, struct door *door, unsigned actor) {
    struct court *court = &door->court;
    enum sm_status status = trial->promise->loop_enter(court->loop);
    if (status != SM_BUSY) {
        SM_EXPECT_STATUS(trial, SM_OK, status);
        door->visits++;
        court->actors[actor].seen[0] = 1;
        leave(trial, court);
    }
}

static void try_enter_first(struct sm_trial *trial, void *state) {
    try_enter(trial, state, 0);
}

static void try_enter_second(struct sm_trial *trial, void *state) {
    try_enter(trial, state, 1);
}

static uint64_t end_entered(struct sm_trial *trial, void *state) {
    const struct door *door = state;
    destroy_loop(trial, state);
    return SM_OUTCOME3(door->court.actors[0].seen[0], door->court.actors[1].seen[0], door->visits);
}

// Two threads enter one loop, and leave it.
static void two_threads_are_not_in_one_loop(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct door),
        .actor_count = 2,
        .begin = begin_loop,
        .actors = {try_enter_first, try_enter_second},
        .end = end_entered,
        .form = "the first was in it, the second was, counted in it",
        .outcomes = {{SM_OUTCOME3(1, 1, 2), SM_GRADE_ACCEPTABLE, "one came after the other, and has what it wrote"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_INTERESTING, "the second met the first, and was refused"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_INTERESTING, "the first met the second, and was refused"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_FORBIDDEN, "both were in it at once"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "each was refused for the other"}},
    };
    sm_litmus_run(trial, &litmus);
}

static void look_and_run(struct sm_trial *trial, void *state) {
    struct court *court = state;
    court->actors[1].seen[0] = atomic_load_explicit(&court->notices, memory_order_acquire);
    court->actors[1].seen[1] = enter_and_run(trial, court);
}

static uint64_t end_notices(struct sm_trial *trial, void *state) {
    struct court *court = state;
    int notices = atomic_load_explicit(&court->notices, memory_order_relaxed);
    int left = enter_and_run(trial, court);
    drop_fulfiller(trial, court);
    close_court(trial, court);
    return SM_OUTCOME4(court->actors[1].seen[0], court->actors[1].seen[1], notices, left);
}

// An idle loop runs once more and goes to sleep while a promise is decided.
static void loop_that_was_idle_is_notified(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_awaited,
        .actors = {write_and_fulfill, look_and_run},
        .end = end_notices,
        .form = "notices before the run, events in it, notices in all, events left",
        .outcomes = {{SM_OUTCOME4(0, 0, 1, 1), SM_GRADE_ACCEPTABLE, "it came after the run, and was announced"},
                     {SM_OUTCOME4(0, 1, 1, 0), SM_GRADE_INTERESTING, "it was announced, and had been found"},
                     {SM_OUTCOME4(1, 1, 1, 0), SM_GRADE_ACCEPTABLE, "it was announced, and then found"},
                     {SM_OUTCOME4(0, 1, 0, 0), SM_GRADE_ACCEPTABLE, "it was found"},
                     {SM_OUTCOME4(0, 0, 0, 1), SM_GRADE_FORBIDDEN, "the loop sleeps, and nobody rouses it"},
                     {SM_OUTCOME4(1, 0, 1, 1), SM_GRADE_FORBIDDEN, "it was announced before it was there"}},
    };
    sm_litmus_run(trial, &litmus);
}

const struct sm_case sm_promise_loop_scenarios[] = {
    SM_SCENARIO(PROMISE_02, two_threads_are_not_in_one_loop),
    SM_SCENARIO(PROMISE_07, loop_that_was_idle_is_notified),
};
const size_t sm_promise_loop_scenario_count = sizeof sm_promise_loop_scenarios / sizeof sm_promise_loop_scenarios[0];
