// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The stress scenarios of the profile `waker`: tasks that are woken, what their queue gives, and who is the last of a
// task. Those of polls are in waker_poll.c, of cells in waker_cell.c, programs in waker_program.c.
#include <stdatomic.h>

#include "stress/waker_yard.h"

// ------------------------------------------------------------------------------------------------------------------
// Wakes, and what the queue gives

// begin_two makes two tasks, each with a waker.
static void begin_two(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_polled(trial, yard);
    yard->wakers[0] = clone_of(trial, yard->lent);
    end_poll(trial, yard->tasks[0]);
    new_task(trial, yard, 1);
    begin_poll(trial, yard, 1);
    yard->wakers[1] = clone_of(trial, yard->lent);
    end_poll(trial, yard->tasks[1]);
}

static uint64_t end_given(struct sm_trial *trial, void *state) {
    return SM_OUTCOME1(close_yard(trial, state));
}

// Two threads wake one task.
static void two_wakes_make_a_task_ready_once(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_armed,
        .actors = {wake_first, wake_second},
        .end = end_given,
        .form = "times given",
        .outcomes = {{SM_OUTCOME1(1), SM_GRADE_ACCEPTABLE, "one wake made it ready, the other found it so"},
                     {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "both wakes are lost"},
                     {SM_OUTCOME1(2), SM_GRADE_FORBIDDEN, "each wake made it ready"},
                     {SM_OUTCOME1(3), SM_GRADE_FORBIDDEN, "the queue goes round in a circle"}},
    };
    run_tasks(trial, &litmus);
}

static void take_and_read_note(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    yard->actors[1].seen[0] = take(trial, yard);
    yard->actors[1].seen[1] = read_note(yard);
}

static uint64_t end_taken_read_given(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    return SM_OUTCOME3(yard->actors[1].seen[0], yard->actors[1].seen[1], close_yard(trial, yard));
}

// A task that is ready is woken again while it is taken.
static void wake_racing_a_take_is_seen_or_makes_ready_anew(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_ready,
        .actors = {note_and_wake, take_and_read_note},
        .end = end_taken_read_given,
        .form = "taken, the note read after, times given later",
        .outcomes = {{SM_OUTCOME3(1, 1, 0), SM_GRADE_ACCEPTABLE, "the wake came first: the taker has its note"},
                     {SM_OUTCOME3(1, 0, 1), SM_GRADE_ACCEPTABLE, "the take came first: the task is ready anew"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_ACCEPTABLE, "the same; the note came before"},
                     {SM_OUTCOME3(1, 0, 0), SM_GRADE_FORBIDDEN, "the wake was one with the last, its note unseen"},
                     {SM_OUTCOME3(0, 0, 0), SM_GRADE_FORBIDDEN, "a task that is ready was not given"}},
    };
    run_tasks(trial, &litmus);
}

static void write_and_wake(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    yard->page = 7;
    wake_first(trial, yard);
}

static uint64_t end_page(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    drop(&yard->wakers[1]);
    close_yard(trial, yard);
    return SM_OUTCOME1(yard->actors[1].seen[0]);
}

// What was written before a wake is read by whoever takes the task.
static void wake_publishes_what_was_written_before(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_armed,
        .actors = {write_and_wake, take_and_read},
        .end = end_page,
        .form = "read after the take",
        .outcomes = {{SM_OUTCOME1(-1), SM_GRADE_ACCEPTABLE, "the take came first and found nothing"},
                     {SM_OUTCOME1(7), SM_GRADE_INTERESTING, "the take came second, and saw what was written"},
                     {SM_OUTCOME1(0), SM_GRADE_FORBIDDEN, "the task was given, and not what was written before"}},
    };
    run_tasks(trial, &litmus);
}

static void take_two(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    yard->actors[2].seen[0] = take(trial, yard);
    yard->actors[2].seen[1] = take(trial, yard);
}

// end_which counts how often each task was given.
static uint64_t end_which(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    int times[3] = {0, 0, 0}; // by token
    times[yard->actors[2].seen[0]]++;
    times[yard->actors[2].seen[1]]++;
    for (int token = take(trial, yard), most = 0; token != 0 && most < GIVEN_MAX; token = take(trial, yard), most++) {
        times[token]++;
    }
    if (times[1] + times[2] <= 2) {
        close_yard(trial, yard);
    }
    return SM_OUTCOME3(2 - times[0], times[1], times[2]);
}

// Two threads wake a task each, while a third takes.
static void tasks_woken_at_once_are_each_given_once(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 3,
        .begin = begin_two,
        .actors = {wake_first, wake_second, take_two},
        .end = end_which,
        .form = "taken in the race, times the first task was given, times the second was",
        .outcomes = {{SM_OUTCOME3(0, 1, 1), SM_GRADE_ACCEPTABLE, "both came out later"},
                     {SM_OUTCOME3(1, 1, 1), SM_GRADE_ACCEPTABLE, "one came out later"},
                     {SM_OUTCOME3(2, 1, 1), SM_GRADE_INTERESTING, "both were taken while they were woken"}},
    };
    run_tasks(trial, &litmus);
}

static void wake_both(struct sm_trial *trial, void *state) {
    wake_first(trial, state);
    wake_second(trial, state);
}

static void take_three(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    for (unsigned i = 0, kept = 0; i < 3; i++) {
        int token = take(trial, yard);
        if (token != 0 && kept < 2) {
            yard->actors[1].seen[kept++] = token;
        }
    }
}

static uint64_t end_order(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    int *seen = yard->actors[1].seen;
    int raced = (seen[0] != 0) + (seen[1] != 0);
    for (int kept = raced; kept < 2; kept++) {
        seen[kept] = take(trial, yard);
    }
    close_yard(trial, yard);
    return SM_OUTCOME3(raced, seen[0], seen[1]);
}

// One thread wakes a task and then another, while a second takes.
static void tasks_woken_by_one_thread_keep_their_order(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_two,
        .actors = {wake_both, take_three},
        .end = end_order,
        .form = "taken in the race, first task given, second task given",
        .outcomes = {{SM_OUTCOME3(0, 1, 2), SM_GRADE_ACCEPTABLE, "both came out later"},
                     {SM_OUTCOME3(1, 1, 2), SM_GRADE_INTERESTING, "the second came out later"},
                     {SM_OUTCOME3(2, 1, 2), SM_GRADE_ACCEPTABLE, "both were taken in the race"},
                     {SM_OUTCOME3(0, 2, 1), SM_GRADE_FORBIDDEN, "the second came out first"},
                     {SM_OUTCOME3(1, 2, 1), SM_GRADE_FORBIDDEN, "the second was taken before the first"},
                     {SM_OUTCOME3(2, 2, 1), SM_GRADE_FORBIDDEN, "the second was taken before the first"}},
    };
    run_tasks(trial, &litmus);
}

static void begin_one_of_two_ready(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_two(trial, yard);
    wake(&yard->wakers[1]);
    atomic_store_explicit(&yard->notices, 0, memory_order_relaxed);
}

static void look_and_take_until_empty(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    yard->actors[1].seen[0] = atomic_load_explicit(&yard->notices, memory_order_acquire);
    yard->actors[1].seen[1] = given(trial, yard);
}

static uint64_t end_notices(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    int left = close_yard(trial, yard);
    return SM_OUTCOME4(yard->actors[1].seen[0], yard->actors[1].seen[1],
                       atomic_load_explicit(&yard->notices, memory_order_relaxed), left);
}

// An event loop takes what is there and goes to sleep while a task is woken. Another one is ready from before.
static void loop_that_found_nothing_is_notified(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_one_of_two_ready,
        .actors = {wake_first, look_and_take_until_empty},
        .end = end_notices,
        .form = "notices before the takes, taken until empty, notices in all, left",
        .outcomes = {{SM_OUTCOME4(0, 1, 1, 1), SM_GRADE_INTERESTING, "it came after the last take, and was announced"},
                     {SM_OUTCOME4(0, 2, 0, 0), SM_GRADE_ACCEPTABLE, "it came before the last take"},
                     {SM_OUTCOME4(0, 2, 1, 0), SM_GRADE_ACCEPTABLE, "the same, and it was announced"},
                     {SM_OUTCOME4(1, 2, 1, 0), SM_GRADE_ACCEPTABLE, "it was announced, and found"},
                     {SM_OUTCOME4(0, 1, 0, 1), SM_GRADE_FORBIDDEN, "the loop sleeps, and nobody rouses it"},
                     {SM_OUTCOME4(1, 1, 1, 1), SM_GRADE_FORBIDDEN, "it was announced before it was there"}},
    };
    run_tasks(trial, &litmus);
}

// A thread is stopped while it wakes a task; another wakes the next one, a third takes what is ready.
static void a_wake_that_stands_still_holds_up_nobody(struct sm_trial *trial) {
    sm_stop_actors(trial, SM_STOP_ACTOR(0) | SM_STOP_ACTOR(1), trial->waker->progress);
    tasks_woken_at_once_are_each_given_once(trial);
}

// ------------------------------------------------------------------------------------------------------------------
// Clones, and the last of a task

static void clone_and_wake(struct sm_trial *trial, void *state) {
    const struct yard *yard = state;
    struct sm_waker clone = clone_of(trial, yard->lent);
    wake(&clone);
}

static void clone_and_drop(struct sm_trial *trial, void *state) {
    const struct yard *yard = state;
    struct sm_waker clone = clone_of(trial, yard->lent);
    drop(&clone);
}

static uint64_t end_lent(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    int rearm = end_poll(trial, yard->tasks[0]);
    return SM_OUTCOME2(rearm, close_yard(trial, yard));
}

// Two threads take the first clones of a lent waker.
static void first_clones_on_two_threads_wake_one_task(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_polled,
        .actors = {clone_and_wake, clone_and_drop},
        .end = end_lent,
        .form = "what task_end says (2: NOW), times given",
        .outcomes = {{SM_OUTCOME2(2, 1), SM_GRADE_ACCEPTABLE, "one was woken, the other dropped"}},
    };
    run_tasks(trial, &litmus);
}

static void begin_destroyed(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_armed(trial, yard);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(yard->tasks[0]));
    yard->tasks[0] = NULL;
}

static void clone_and_drop_both(struct sm_trial *trial, void *state) {
    const struct yard *yard = state;
    struct sm_waker clone = clone_of(trial, &yard->wakers[0]);
    drop(&yard->wakers[0]);
    drop(&clone);
}

// Wakers on two threads are what is left of a task.
static void last_waker_on_any_thread_is_the_last(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_destroyed,
        .actors = {clone_and_drop_both, wake_second},
        .end = end_given,
        .form = "times given",
        .outcomes = {{SM_OUTCOME1(0), SM_GRADE_ACCEPTABLE, "nobody wakes a task that is gone"}},
    };
    run_tasks(trial, &litmus);
}

static void destroy_task(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(yard->tasks[0]));
    yard->tasks[0] = NULL;
}

// A task that is ready is woken while it is destroyed; its other waker, which made it ready, is gone.
static void task_destroyed_beside_a_wake_is_given_no_more(struct sm_trial *trial) {
    static const struct sm_litmus litmus = {
        .state_size = sizeof(struct yard),
        .actor_count = 2,
        .begin = begin_ready,
        .actors = {wake_first, destroy_task},
        .end = end_given,
        .form = "times given",
        .outcomes = {{SM_OUTCOME1(0), SM_GRADE_ACCEPTABLE, "nobody wakes a task that is gone"},
                     {SM_OUTCOME1(1), SM_GRADE_FORBIDDEN, "a task was given that is gone"}},
    };
    run_tasks(trial, &litmus);
}

const struct sm_case sm_waker_scenarios[] = {
    SM_SCENARIO(WAKER_01, tasks_woken_at_once_are_each_given_once),
    SM_SCENARIO(WAKER_06, wake_racing_a_take_is_seen_or_makes_ready_anew),
    SM_SCENARIO(WAKER_08, wake_publishes_what_was_written_before),
    SM_SCENARIO(WAKER_09, loop_that_found_nothing_is_notified),
    SM_SCENARIO(WAKER_11, task_destroyed_beside_a_wake_is_given_no_more),
    SM_SCENARIO(WAKER_12, last_waker_on_any_thread_is_the_last),
    SM_SCENARIO(WAKER_13, tasks_woken_by_one_thread_keep_their_order),
    SM_SCENARIO(WAKER_18, first_clones_on_two_threads_wake_one_task),
    SM_STOP_SCENARIO(WAKER_21, a_wake_that_stands_still_holds_up_nobody),
    SM_SCENARIO(WAKER_23, two_wakes_make_a_task_ready_once),
};
const size_t sm_waker_scenario_count = sizeof sm_waker_scenarios / sizeof sm_waker_scenarios[0];
