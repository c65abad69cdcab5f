// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `promise`: promises, loops and fulfillers that go while another thread decides or
// awaits.
#include "stress/promise_court.h"

// ------------------------------------------------------------------------------------------------------------------
// Promises and loops that go

static void fulfill_and_drop_unless_closed(struct sm_trial *trial, void *state) {
    struct court *court = state;
    court->verdicts[0].line = 7;
    court->actors[0].seen[0] =
        decided(trial, trial->promise->fulfill(court->fulfiller, &court->verdicts[0]), SM_CLOSED);
    drop_fulfiller(trial, court);
}

// decision_racing is what a decision may see of a promise that is awaited, while another thread ends whom it is for.
static void decision_racing(struct sm_trial *trial, void (*end_it)(struct sm_trial *trial, void *state),
                            uint64_t (*end)(struct sm_trial *trial, void *state)) {
    const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_awaited,
        .actors = {fulfill_and_drop_unless_closed, end_it},
        .end = end,
        .form = "fulfill (1: SM_OK, 0: SM_CLOSED), times the value was dropped",
        .outcomes = {{SM_OUTCOME2(1, 1), SM_GRADE_ACCEPTABLE, "it was decided, and the value dropped"},
                     {SM_OUTCOME2(0, 0), SM_GRADE_ACCEPTABLE, "it came too late, and the value is the caller's"},
                     {SM_OUTCOME2(1, 0), SM_GRADE_FORBIDDEN, "the value leaks"},
                     {SM_OUTCOME2(1, 2), SM_GRADE_FORBIDDEN, "the value was dropped twice"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_FORBIDDEN, "the caller's value was dropped"}},
    };
    sm_litmus_run(trial, &litmus);
}

static uint64_t end_loop_gone(struct sm_trial *trial, void *state) {
    struct court *court = state;
    int drops = court->verdicts[0].drops; // by then
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(court->promise));
    SM_EXPECT_EQUAL(trial, drops, court->verdicts[0].drops, "drops of the value once the promise is gone");
    return SM_OUTCOME2(court->actors[0].seen[0], drops);
}

// A loop is destroyed while a promise of it is decided.
static void decision_racing_loop_destroy_drops_once_or_gives_back(struct sm_trial *trial) {
    decision_racing(trial, destroy_loop, end_loop_gone);
}

static uint64_t end_destroyed(struct sm_trial *trial, void *state) {
    struct court *court = state;
    int drops = court->verdicts[0].drops;
    enter_and_run(trial, court);
    destroy_loop(trial, court);
    SM_EXPECT_EQUAL(trial, drops, court->verdicts[0].drops, "drops of the value once the loop is gone");
    return SM_OUTCOME2(court->actors[0].seen[0], drops);
}

// A promise is destroyed while it is decided, and its fulfiller dropped after.
static void decision_racing_destroy_drops_once_or_gives_back(struct sm_trial *trial) {
    decision_racing(trial, destroy_promise, end_destroyed);
}

static void destroy_promise_and_loop(struct sm_trial *trial, void *state) {
    destroy_promise(trial, state);
    destroy_loop(trial, state);
}

static uint64_t end_gone(struct sm_trial *trial, void *state) {
    const struct court *court = state;
    (void)trial;
    return SM_OUTCOME2(court->actors[0].seen[0], court->verdicts[0].drops);
}

// A promise and its loop are destroyed, one after the other, while it is decided: the decision may have nobody to tell.
static void decision_racing_the_end_of_all_drops_once_or_gives_back(struct sm_trial *trial) {
    decision_racing(trial, destroy_promise_and_loop, end_gone);
}

// ------------------------------------------------------------------------------------------------------------------
// Fulfillers that go

static uint64_t end_undecided(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    enter_and_run(trial, court);
    int wakes = wakes_of(court);
    int later = court->actors[1].seen[0] == PENDING ? enter_run_and_poll(trial, court, &verdict) : PENDING;
    close_court(trial, court);
    return SM_OUTCOME3(court->actors[1].seen[0], wakes, later);
}

// A promise is polled while its only fulfiller is dropped undecided.
static void poll_racing_the_last_drop_is_cancelled_or_woken(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_promise,
        .actors = {drop_fulfiller, enter_and_poll},
        .end = end_undecided,
        .form = "result (0: PENDING, 3: CANCELLED), wakes by the next run, result later",
        .outcomes = {{SM_OUTCOME3(PENDING, 1, CANCELLED), SM_GRADE_ACCEPTABLE, "the poll came first, and a turn woke"},
                     {SM_OUTCOME3(CANCELLED, 0, PENDING), SM_GRADE_INTERESTING, "the drop came first"},
                     {SM_OUTCOME3(PENDING, 0, CANCELLED), SM_GRADE_FORBIDDEN, "nobody was woken"},
                     {SM_OUTCOME3(PENDING, 0, PENDING), SM_GRADE_FORBIDDEN, "the promise waits for nobody"}},
    };
    SM_NEED_DECLARED(trial, trial->promise->undecided == SM_UNDECIDED_CANCELS,
                     "undecided is declared as PENDING: it stays so");
    sm_litmus_run(trial, &litmus);
}

static uint64_t end_both_dropped(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    int found = enter_run_and_poll(trial, court, &verdict);
    close_court(trial, court);
    return SM_OUTCOME1(found);
}

// Two references to a fulfiller are dropped, undecided.
static void last_of_two_drops_cancels(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_shared,
        .actors = {drop_fulfiller, drop_fulfiller},
        .end = end_both_dropped,
        .form = "result (0: PENDING, 3: CANCELLED)",
        .outcomes = {{SM_OUTCOME1(CANCELLED), SM_GRADE_ACCEPTABLE, "whoever was last has cancelled it"},
                     {SM_OUTCOME1(PENDING), SM_GRADE_FORBIDDEN, "nobody was last: the promise waits for nobody"}},
    };
    SM_NEED(trial, promise, share);
    SM_NEED_DECLARED(trial, trial->promise->undecided == SM_UNDECIDED_CANCELS,
                     "undecided is declared as PENDING: it stays so");
    sm_litmus_run(trial, &litmus);
}

static uint64_t end_both_gone(struct sm_trial *trial, void *state) {
    struct court *court = state;
    int left = enter_and_run(trial, court);
    destroy_loop(trial, court);
    return SM_OUTCOME2(wakes_of(court), left);
}

// A promise is destroyed while its only fulfiller is dropped undecided.
static void last_drop_racing_destroy_tells_nobody(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_awaited,
        .actors = {drop_fulfiller, destroy_promise},
        .end = end_both_gone,
        .form = "wakes, events left",
        .outcomes = {{SM_OUTCOME2(0, 0), SM_GRADE_ACCEPTABLE, "no turn came between, and nobody awaits any more"}},
    };
    sm_litmus_run(trial, &litmus);
}

static void fulfill_and_drop(struct sm_trial *trial, void *state) {
    struct court *court = state;
    write_and_fulfill(trial, court);
    drop_fulfiller(trial, court);
}

static uint64_t end_shared(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    int found = enter_run_and_poll(trial, court, &verdict);
    close_court(trial, court);
    return SM_OUTCOME2(court->actors[0].seen[0], found);
}

// Of two references to a fulfiller, one is used for the last time, and both are dropped.
static void two_references_dropped_at_once_leave_the_decision(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_shared,
        .actors = {fulfill_and_drop, drop_fulfiller},
        .end = end_shared,
        .form = "fulfill decided, result (0: PENDING, 1: value, 3: CANCELLED)",
        .outcomes = {{SM_OUTCOME2(1, VALUE), SM_GRADE_ACCEPTABLE, "the decision stands, whoever was last"}},
    };
    SM_NEED(trial, promise, share);
    sm_litmus_run(trial, &litmus);
}

static void begin_shared_and_destroyed(struct sm_trial *trial, void *state) {
    begin_shared(trial, state);
    destroy_promise(trial, state);
}

static uint64_t end_in_vain(struct sm_trial *trial, void *state) {
    const struct court *court = state;
    destroy_loop(trial, state);
    return SM_OUTCOME2(court->actors[0].seen[0], court->verdicts[0].drops);
}

// Two references to a fulfiller are what is left of a promise.
static void last_fulfiller_on_any_thread_is_the_last(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_shared_and_destroyed,
        .actors = {fulfill_and_drop_unless_closed, drop_fulfiller},
        .end = end_in_vain,
        .form = "fulfill (0: SM_CLOSED), times the value was dropped",
        .outcomes = {{SM_OUTCOME2(0, 0), SM_GRADE_ACCEPTABLE, "the promise was gone, and the value is the caller's"}},
    };
    SM_NEED(trial, promise, share);
    sm_litmus_run(trial, &litmus);
}

const struct sm_case sm_promise_end_scenarios[] = {
    SM_SCENARIO(PROMISE_13, decision_racing_loop_destroy_drops_once_or_gives_back),
    SM_SCENARIO(PROMISE_17, poll_racing_the_last_drop_is_cancelled_or_woken),
    SM_SCENARIO(PROMISE_17, last_of_two_drops_cancels),
    SM_SCENARIO(PROMISE_23, decision_racing_destroy_drops_once_or_gives_back),
    SM_SCENARIO(PROMISE_23, decision_racing_the_end_of_all_drops_once_or_gives_back),
    SM_SCENARIO(PROMISE_24, two_references_dropped_at_once_leave_the_decision),
    SM_SCENARIO(PROMISE_24, last_fulfiller_on_any_thread_is_the_last),
    SM_SCENARIO(PROMISE_24, last_drop_racing_destroy_tells_nobody),
};
const size_t sm_promise_end_scenario_count = sizeof sm_promise_end_scenarios / sizeof sm_promise_end_scenarios[0];
