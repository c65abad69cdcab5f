// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `waker`: tasks that are polled, and what comes of a wake before, in and after a
// poll.
#include "stress/waker_yard.h"

static void begin_poll_with_clone(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_polled(trial, yard);
    yard->wakers[1] = clone_of(trial, yard->lent);
}

static void end_the_poll(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    yard->actors[0].seen[0] = end_poll(trial, yard->tasks[0]);
}

static uint64_t end_rearm_and_given(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    return SM_OUTCOME2(yard->actors[0].seen[0], close_yard(trial, yard));
}

// A poll ends with PENDING while what it waits for comes to pass.
static void wake_racing_the_end_of_a_poll_is_not_lost(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_poll_with_clone,
        .actors = {end_the_poll, wake_second},
        .end = end_rearm_and_given,
        .form = "what task_end says (2: NOW, 3: ARMED), times given",
        .outcomes = {{SM_OUTCOME2(3, 1), SM_GRADE_ACCEPTABLE, "the wake came after the end, and made the task ready"},
                     {SM_OUTCOME2(2, 1), SM_GRADE_INTERESTING, "the wake came before, and the end made it ready"},
                     {SM_OUTCOME2(3, 0), SM_GRADE_FORBIDDEN, "the wake is lost between the poll and its end"},
                     {SM_OUTCOME2(2, 0), SM_GRADE_FORBIDDEN, "the task is said to be ready, and is not"},
                     {SM_OUTCOME2(2, 2), SM_GRADE_FORBIDDEN, "wake and end have both made it ready"}},
    };
    run_tasks(trial, &litmus);
}

static void wake_by_lent(struct sm_trial *trial, void *state) {
    const struct yard *yard = state;
    (void)trial;
    wake_by_ref(yard->lent);
}

static void take_one(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    yard->actors[1].seen[0] = take(trial, yard);
}

static uint64_t end_taken_rearm_and_given(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    int rearm = end_poll(trial, yard->tasks[0]);
    return SM_OUTCOME3(yard->actors[1].seen[0], rearm, close_yard(trial, yard));
}

// A task is woken in its poll by the lent waker and, on another thread, by a clone, while a third takes.
static void wakes_in_a_poll_make_the_task_ready_once_after_it(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 3,
        .begin = begin_poll_with_clone,
        .actors = {wake_by_lent, take_one, wake_second},
        .end = end_taken_rearm_and_given,
        .form = "taken in the poll, what task_end says (2: NOW, 3: ARMED), times given",
        .outcomes = {{SM_OUTCOME3(0, 2, 1), SM_GRADE_ACCEPTABLE, "the end of the poll made it ready, for both"},
                     {SM_OUTCOME3(0, 3, 0), SM_GRADE_FORBIDDEN, "both wakes are lost"},
                     {SM_OUTCOME3(0, 2, 0), SM_GRADE_FORBIDDEN, "the task is said to be ready, and is not"},
                     {SM_OUTCOME3(0, 2, 2), SM_GRADE_FORBIDDEN, "each wake made it ready"},
                     {SM_OUTCOME3(1, 2, 0), SM_GRADE_FORBIDDEN, "it was given in its poll"},
                     {SM_OUTCOME3(1, 2, 1), SM_GRADE_FORBIDDEN, "it was given in its poll, and after it"}},
    };
    run_tasks(trial, &litmus);
}

static void poll_and_read_note(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_poll(trial, yard, 0);
    yard->actors[0].seen[1] = read_note(yard);
    yard->actors[0].seen[0] = end_poll(trial, yard->tasks[0]);
}

static uint64_t end_read_and_due(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    drop(&yard->wakers[1]);
    return SM_OUTCOME3(yard->actors[0].seen[1], yard->actors[0].seen[0], close_yard(trial, yard));
}

// A task is woken while the host is about to poll it anyway.
static void wake_racing_a_poll_is_seen_or_causes_another(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_armed,
        .actors = {poll_and_read_note, note_and_wake},
        .end = end_read_and_due,
        .form = "the note read in the poll, what task_end says (1: NONE, 2: NOW), times given",
        .outcomes = {{SM_OUTCOME3(1, 1, 0), SM_GRADE_ACCEPTABLE, "the wake came before the poll, which has its note"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_ACCEPTABLE, "it came before or after, and the task is ready"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_ACCEPTABLE, "it came after the poll"},
                     {SM_OUTCOME3(0, 2, 1), SM_GRADE_INTERESTING, "it came in the poll, after the note was read"},
                     {SM_OUTCOME3(1, 2, 1), SM_GRADE_ACCEPTABLE, "it came in the poll, after the note was written"},
                     {SM_OUTCOME3(0, 1, 0), SM_GRADE_FORBIDDEN, "the poll used the wake up, and has not its note"},
                     {SM_OUTCOME3(0, 2, 0), SM_GRADE_FORBIDDEN, "the task is said to be ready, and is not"}},
    };
    SM_NEED_DECLARED(trial, trial->waker->stale != SM_STALE_WAKER_IGNORED,
                     "stale is declared as IGNORED: the waker of the last poll may do nothing");
    run_tasks(trial, &litmus);
}

static void wake_write_and_end(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    wake_by_ref(yard->lent);
    yard->page = 7;
    end_poll(trial, yard->tasks[0]);
}

static uint64_t end_page_of_poll(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    int times = close_yard(trial, yard);
    return SM_OUTCOME2(yard->actors[1].seen[0], times);
}

// A poll wakes its own task, goes on, and ends.
static void task_is_given_after_its_poll(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_polled,
        .actors = {wake_write_and_end, take_and_read},
        .end = end_page_of_poll,
        .form = "what the poll wrote, read after the take, times given later",
        .outcomes = {{SM_OUTCOME2(-1, 1), SM_GRADE_ACCEPTABLE, "the take came first and found nothing"},
                     {SM_OUTCOME2(7, 0), SM_GRADE_INTERESTING, "the take came after the poll"},
                     {SM_OUTCOME2(0, 0), SM_GRADE_FORBIDDEN, "the task was given in its poll"},
                     {SM_OUTCOME2(0, 1), SM_GRADE_FORBIDDEN, "the task was given in its poll, and after it"},
                     {SM_OUTCOME2(7, 1), SM_GRADE_FORBIDDEN, "the task was given twice"}},
    };
    run_tasks(trial, &litmus);
}

static void poll_and_wake(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_poll(trial, yard, 0);
    wake_by_ref(yard->lent);
    yard->actors[0].seen[0] = end_poll(trial, yard->tasks[0]);
}

static uint64_t end_taken_and_rearm(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    drop(&yard->wakers[0]);
    return SM_OUTCOME3(yard->actors[1].seen[0], yard->actors[0].seen[0], close_yard(trial, yard));
}

// A task that is ready is polled, and woken in that poll, while the queue is looked through.
static void take_beside_a_poll_leaves_its_wake(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_ready,
        .actors = {poll_and_wake, take_one},
        .end = end_taken_and_rearm,
        .form = "taken, what task_end says (2: NOW), times given later",
        .outcomes = {{SM_OUTCOME3(1, 2, 1), SM_GRADE_ACCEPTABLE,
                      "the task was taken before the poll, and is due again"},
                     {SM_OUTCOME3(0, 2, 1), SM_GRADE_INTERESTING, "it was not given in the poll, and is after it"},
                     {SM_OUTCOME3(1, 2, 0), SM_GRADE_ACCEPTABLE, "it was taken after the poll"},
                     {SM_OUTCOME3(1, 1, 0), SM_GRADE_FORBIDDEN, "it was given in the poll, which lost its wake"},
                     {SM_OUTCOME3(0, 1, 0), SM_GRADE_FORBIDDEN, "the wake is lost"},
                     {SM_OUTCOME3(0, 2, 0), SM_GRADE_FORBIDDEN, "the task is said to be ready, and is not"}},
    };
    run_tasks(trial, &litmus);
}

// try_poll polls the task unless it is being polled.
static void try_poll(struct sm_trial *trial, struct yard *yard, unsigned actor) {
    const struct sm_waker *lent;
    enum sm_status status = trial->waker->task_begin(yard->tasks[0], &lent);
    if (status != SM_BUSY) {
        SM_EXPECT_STATUS(trial, SM_OK, status);
        yard->polls++;
        yard->actors[actor].seen[0] = end_poll(trial, yard->tasks[0]);
    }
}

static void try_poll_first(struct sm_trial *trial, void *state) {
    try_poll(trial, state, 0);
}

static void try_poll_second(struct sm_trial *trial, void *state) {
    try_poll(trial, state, 1);
}

static uint64_t end_polls(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    drop(&yard->wakers[0]);
    drop(&yard->wakers[1]);
    close_yard(trial, yard);
    return SM_OUTCOME3(yard->actors[0].seen[0], yard->actors[1].seen[0], yard->polls);
}

// Two threads poll one task.
static void polls_of_two_threads_do_not_meet(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_armed,
        .actors = {try_poll_first, try_poll_second},
        .end = end_polls,
        .form = "first poll (0: BUSY, 1: NONE), second poll, polls counted in them",
        .outcomes = {{SM_OUTCOME3(1, 1, 2), SM_GRADE_ACCEPTABLE, "one came after the other, and has what it wrote"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_INTERESTING, "the second met the first, and was refused"},
                     {SM_OUTCOME3(0, 1, 1), SM_GRADE_INTERESTING, "the first met the second, and was refused"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_FORBIDDEN, "both polled at once"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "each was refused for the other"}},
    };
    run_tasks(trial, &litmus);
}

const struct sm_case sm_waker_poll_scenarios[] = {
    SM_SCENARIO(WAKER_03, wakes_in_a_poll_make_the_task_ready_once_after_it),
    SM_SCENARIO(WAKER_05, task_is_given_after_its_poll),
    SM_SCENARIO(WAKER_05, take_beside_a_poll_leaves_its_wake),
    SM_SCENARIO(WAKER_08, wake_racing_a_poll_is_seen_or_causes_another),
    SM_SCENARIO(WAKER_15, polls_of_two_threads_do_not_meet),
    SM_SCENARIO(WAKER_23, wake_racing_the_end_of_a_poll_is_not_lost),
};
const size_t sm_waker_poll_scenario_count = sizeof sm_waker_poll_scenarios / sizeof sm_waker_poll_scenarios[0];
