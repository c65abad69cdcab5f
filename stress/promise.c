// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `promise`: promises that are decided and awaited. What ends meanwhile is in
// promise_end.c, loops are in promise_loop.c, jobs in promise_job.c, programs in promise_program.c.
#include "stress/promise_court.h"

static void write_and_reject(struct sm_trial *trial, void *state) {
    struct court *court = state;
    court->verdicts[0].line = 7;
    court->actors[0].seen[0] =
        decided(trial, trial->promise->reject(court->fulfiller, &court->verdicts[0]), SM_COMPLETED);
}

static void reject_second(struct sm_trial *trial, void *state) {
    struct court *court = state;
    court->actors[1].seen[0] =
        decided(trial, trial->promise->reject(court->fulfiller, &court->verdicts[1]), SM_COMPLETED);
}

static uint64_t end_decided(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    int found = enter_run_and_poll(trial, court, &verdict);
    SM_EXPECT_EQUAL(trial, 0, court->verdicts[0].drops + court->verdicts[1].drops, "drops of what the caller has");
    drop_fulfiller(trial, court);
    drop_fulfiller(trial, court);
    close_court(trial, court);
    return SM_OUTCOME4(court->actors[0].seen[0], court->actors[1].seen[0], found,
                       verdict == NULL ? 0 : 1 + (int)(verdict - court->verdicts));
}

// A fulfill and a reject of one promise.
static void one_of_two_decisions_decides(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_shared,
        .actors = {write_and_fulfill, reject_second},
        .end = end_decided,
        .form = "fulfill decided, reject decided, result (0: PENDING, 1: value, 2: error), whose",
        .outcomes = {{SM_OUTCOME4(1, 0, VALUE, 1), SM_GRADE_ACCEPTABLE, "the fulfill came first"},
                     {SM_OUTCOME4(0, 1, ERROR, 2), SM_GRADE_ACCEPTABLE, "the reject came first"}},
    };
    SM_NEED(trial, promise, share);
    sm_litmus_run(trial, &litmus);
}

static void run_poll_and_read(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    court->actors[1].seen[0] = enter_run_and_poll(trial, court, &verdict);
    court->actors[1].seen[1] = verdict == NULL ? -1 : verdict->line;
}

static uint64_t end_read(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    int later = court->actors[1].seen[0] == PENDING ? enter_run_and_poll(trial, court, &verdict) : PENDING;
    drop_fulfiller(trial, court);
    close_court(trial, court);
    return SM_OUTCOME3(court->actors[1].seen[0], court->actors[1].seen[1], later);
}

// What was written before fulfill is read by the poll that gives the value.
static void fulfill_publishes_what_was_written_before(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_promise,
        .actors = {write_and_fulfill, run_poll_and_read},
        .end = end_read,
        .form = "result (0: PENDING, 1: value), read behind it, result later",
        .outcomes = {{SM_OUTCOME3(PENDING, -1, VALUE), SM_GRADE_ACCEPTABLE, "the poll came first"},
                     {SM_OUTCOME3(VALUE, 7, PENDING), SM_GRADE_INTERESTING, "it came second, and saw what was written"},
                     {SM_OUTCOME3(VALUE, 0, PENDING), SM_GRADE_FORBIDDEN, "the value was given, not what is behind it"},
                     {SM_OUTCOME3(PENDING, -1, PENDING), SM_GRADE_FORBIDDEN, "the value is lost"}},
    };
    sm_litmus_run(trial, &litmus);
}

// What was written before reject is read by the poll that gives the error.
static void reject_publishes_what_was_written_before(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_promise,
        .actors = {write_and_reject, run_poll_and_read},
        .end = end_read,
        .form = "result (0: PENDING, 2: error), read behind it, result later",
        .outcomes = {{SM_OUTCOME3(PENDING, -1, ERROR), SM_GRADE_ACCEPTABLE, "the poll came first"},
                     {SM_OUTCOME3(ERROR, 7, PENDING), SM_GRADE_INTERESTING, "it came second, and saw what was written"},
                     {SM_OUTCOME3(ERROR, 0, PENDING), SM_GRADE_FORBIDDEN, "the error was given, not what is behind it"},
                     {SM_OUTCOME3(PENDING, -1, PENDING), SM_GRADE_FORBIDDEN, "the error is lost"}},
    };
    sm_litmus_run(trial, &litmus);
}

static uint64_t end_awaited(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    enter_and_run(trial, court);
    int wakes = wakes_of(court);
    int later = court->actors[1].seen[0] == PENDING ? enter_run_and_poll(trial, court, &verdict) : PENDING;
    drop_fulfiller(trial, court);
    close_court(trial, court);
    return SM_OUTCOME3(court->actors[1].seen[0], wakes, later);
}

// A promise is polled while it is decided.
static void poll_racing_a_decision_has_it_or_is_woken(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_promise,
        .actors = {write_and_fulfill, enter_and_poll},
        .end = end_awaited,
        .form = "result (0: PENDING, 1: value), wakes by the next run, result later",
        .outcomes = {{SM_OUTCOME3(PENDING, 1, VALUE), SM_GRADE_ACCEPTABLE, "the poll came first, and a turn woke"},
                     {SM_OUTCOME3(VALUE, 0, PENDING), SM_GRADE_INTERESTING, "the decision came first"},
                     {SM_OUTCOME3(PENDING, 0, VALUE), SM_GRADE_FORBIDDEN, "nobody was woken"},
                     {SM_OUTCOME3(PENDING, 0, PENDING), SM_GRADE_FORBIDDEN, "the value is lost"}},
    };
    sm_litmus_run(trial, &litmus);
}

static void run_and_count_wakes(struct sm_trial *trial, void *state) {
    struct court *court = state;
    enter_and_run(trial, court);
    court->actors[1].seen[0] = wakes_of(court);
}

static uint64_t end_wakes(struct sm_trial *trial, void *state) {
    struct court *court = state;
    struct verdict *verdict;
    enter_and_run(trial, court);
    int later = wakes_of(court) - court->actors[1].seen[0];
    int found = enter_run_and_poll(trial, court, &verdict);
    drop_fulfiller(trial, court);
    close_court(trial, court);
    return SM_OUTCOME3(court->actors[1].seen[0], later, found);
}

// A loop runs while a promise that is awaited is decided.
static void awaited_decision_wakes_once(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct court),
        .actor_count = 2,
        .begin = begin_awaited,
        .actors = {write_and_fulfill, run_and_count_wakes},
        .end = end_wakes,
        .form = "wakes in the race, wakes by the next run, result then (1: value)",
        .outcomes = {{SM_OUTCOME3(0, 1, VALUE), SM_GRADE_ACCEPTABLE, "the decision came after the run"},
                     {SM_OUTCOME3(1, 0, VALUE), SM_GRADE_INTERESTING, "it was dispatched in the race"},
                     {SM_OUTCOME3(0, 0, VALUE), SM_GRADE_FORBIDDEN, "nobody was woken"},
                     {SM_OUTCOME3(1, 1, VALUE), SM_GRADE_FORBIDDEN, "one decision woke twice"}},
    };
    sm_litmus_run(trial, &litmus);
}

// couple is a court that has two promises, of one loop.
struct couple {
    struct court court;
    struct sm_promise *promise;
    struct sm_fulfiller *fulfiller;
};

static void begin_two_awaited(struct sm_trial *trial, void *state) {
    struct couple *couple = state;
    struct court *court = &couple->court;
    struct verdict *verdict;
    begin_awaited(trial, court);
    couple->promise = court->promise;
    couple->fulfiller = court->fulfiller;
    enter(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->create(court->loop, &verdicts, &court->promise, &court->fulfiller));
    SM_EXPECT_EQUAL(trial, PENDING, poll(trial, court, &verdict), "what a poll found (0: PENDING)");
    leave(trial, court);
}

static void fulfill_other(struct sm_trial *trial, void *state) {
    struct couple *couple = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->fulfill(couple->fulfiller, &couple->court.verdicts[1]));
}

static uint64_t end_both_told(struct sm_trial *trial, void *state) {
    struct couple *couple = state;
    struct court *court = &couple->court;
    int count = enter_and_run(trial, court);
    drop_fulfiller(trial, court);
    trial->promise->drop_fulfiller(couple->fulfiller);
    enter(trial, court);
    SM_EXPECT_STATUS(trial, SM_OK, trial->promise->destroy(couple->promise));
    leave(trial, court);
    close_court(trial, court);
    return SM_OUTCOME2(count, wakes_of(court));
}

// Two threads decide a promise each, of one loop.
static void two_promises_decided_at_once_are_both_told(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct couple),
        .actor_count = 2,
        .begin = begin_two_awaited,
        .actors = {write_and_fulfill, fulfill_other},
        .end = end_both_told,
        .form = "events by the next run, wakes",
        .outcomes = {{SM_OUTCOME2(2, 2), SM_GRADE_ACCEPTABLE, "each was told of"},
                     {SM_OUTCOME2(1, 1), SM_GRADE_FORBIDDEN, "one of the two is lost"}},
    };
    sm_litmus_run(trial, &litmus);
}

// A thread is stopped while it decides, and another decides.
static void a_decision_that_stands_still_holds_up_nobody(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ANY_ACTOR, trial->promise->progress);
    one_of_two_decisions_decides(trial);
}

const struct sm_case sm_promise_scenarios[] = {
    SM_SCENARIO(PROMISE_20, one_of_two_decisions_decides),
    SM_SCENARIO(PROMISE_25, poll_racing_a_decision_has_it_or_is_woken),
    SM_SCENARIO(PROMISE_25, awaited_decision_wakes_once),
    SM_SCENARIO(PROMISE_25, two_promises_decided_at_once_are_both_told),
    SM_SCENARIO(PROMISE_30, fulfill_publishes_what_was_written_before),
    SM_SCENARIO(PROMISE_30, reject_publishes_what_was_written_before),
    SM_STOP_SCENARIO(PROMISE_31, a_decision_that_stands_still_holds_up_nobody),
};
const size_t sm_promise_scenario_count = sizeof sm_promise_scenarios / sizeof sm_promise_scenarios[0];
