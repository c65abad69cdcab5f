// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of queues and tasks in which two threads use one task at once, or one of them stands still.
#include <sched.h>

#include "conformance/harness/stall.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/waker_fixture.h"

enum { ROUNDS = 400 };

struct letter {
    struct sm_ready_queue *queue;
    struct sm_task *task;
    struct sm_waker waker;
    int page;
};

static void begin_letter(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    (void)round;
    letter->page = 0;
    letter->waker = poll_for_clone(trial, letter->task);
}

static void write_and_wake(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    (void)trial;
    letter->page = (int)round + 1;
    wake(&letter->waker);
}

static void take_and_read(struct sm_trial *trial, void *context, unsigned round) {
    struct letter *letter = context;
    void *token;
    while (trial->waker->queue_take(letter->queue, &token) == SM_EMPTY) {
        sched_yield();
    }
    SM_EXPECT_EQUAL(trial, round + 1, letter->page, "what was written before the wake");
}

static void wake_publishes_what_was_written_before(struct sm_trial *trial) {
    struct letter letter = {.queue = new_queue(trial)};
    new_task(trial, letter.queue, &letter.task);
    sm_race_run(trial, &(struct sm_race){.begin = begin_letter,
                                         .actors = {write_and_wake, take_and_read},
                                         .context = &letter,
                                         .rounds = ROUNDS});
}

struct first_clones {
    struct sm_ready_queue *queue;
    struct sm_task *task;
    const struct sm_waker *lent;
    struct sm_waker kept[2];
};

static void begin_first_clones(struct sm_trial *trial, void *context, unsigned round) {
    struct first_clones *clones = context;
    (void)round;
    clones->lent = begin(trial, clones->task);
}

static void clone_as_one(struct sm_trial *trial, void *context, unsigned round) {
    struct first_clones *clones = context;
    (void)round;
    clones->kept[0] = clone_of(trial, clones->lent);
}

static void clone_as_other(struct sm_trial *trial, void *context, unsigned round) {
    struct first_clones *clones = context;
    (void)round;
    clones->kept[1] = clone_of(trial, clones->lent);
}

static void expect_both_wake(struct sm_trial *trial, void *context, unsigned round) {
    struct first_clones *clones = context;
    (void)round;
    expect_end(trial, clones->task, SM_REARM_ARMED);
    for (unsigned i = 0; i < 2; i++) {
        wake(&clones->kept[i]);
        expect_ready(trial, clones->queue, &clones->task);
    }
}

static void first_clones_may_race(struct sm_trial *trial) {
    struct first_clones clones = {.queue = new_queue(trial)};
    new_task(trial, clones.queue, &clones.task);
    sm_race_run(trial, &(struct sm_race){.begin = begin_first_clones,
                                         .actors = {clone_as_one, clone_as_other},
                                         .end = expect_both_wake,
                                         .context = &clones,
                                         .rounds = ROUNDS});
}

struct stalled {
    struct sm_task *task;
    struct sm_waker waker;
};

static void wake_and_clone(struct sm_trial *trial, void *context) {
    const struct stalled *stalled = context;
    struct sm_waker clone = clone_of(trial, &stalled->waker);
    wake_by_ref(&stalled->waker);
    drop(&clone);
}

static void stopped_thread_holds_up_no_other(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    sm_stall_need(trial, trial->waker->progress, SM_OUT_OF_MEMORY_NEVER);
    struct stalled stalled = {0};
    new_task(trial, queue, &stalled.task);
    stalled.waker = poll_for_clone(trial, stalled.task);
    sm_stall_run(trial, &(struct sm_stall){wake_and_clone, &stalled, ROUNDS / 4});
}

static void wake_kept(struct sm_trial *trial, void *context, unsigned round) {
    const struct first_clones *clones = context;
    (void)trial;
    (void)round;
    wake_by_ref(clones->lent);
}

static void begin_idle(struct sm_trial *trial, void *context, unsigned round) {
    struct first_clones *clones = context;
    static struct sm_waker kept;
    (void)round;
    kept = poll_for_clone(trial, clones->task);
    clones->lent = &kept;
}

static void expect_one_entry(struct sm_trial *trial, void *context, unsigned round) {
    struct first_clones *clones = context;
    (void)round;
    drop(clones->lent);
    expect_ready(trial, clones->queue, &clones->task);
    expect_none_ready(trial, clones->queue);
}

static void racing_wakes_make_ready_once(struct sm_trial *trial) {
    struct first_clones clones = {.queue = new_queue(trial)};
    new_task(trial, clones.queue, &clones.task);
    sm_race_run(trial, &(struct sm_race){.begin = begin_idle,
                                         .actors = {wake_kept, wake_kept},
                                         .end = expect_one_entry,
                                         .context = &clones,
                                         .rounds = ROUNDS});
}

static void begin_with_clone(struct sm_trial *trial, void *context, unsigned round) {
    struct first_clones *clones = context;
    static struct sm_waker kept;
    (void)round;
    kept = clone_of(trial, begin(trial, clones->task));
    clones->lent = &kept;
}

static void end_poll(struct sm_trial *trial, void *context, unsigned round) {
    const struct first_clones *clones = context;
    enum sm_rearm rearm;
    (void)round;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_end(clones->task, &rearm));
}

// Inside the poll or after it: ready once either way.
static void wake_racing_the_end_of_a_poll_is_not_lost(struct sm_trial *trial) {
    struct first_clones clones = {.queue = new_queue(trial)};
    new_task(trial, clones.queue, &clones.task);
    sm_race_run(trial, &(struct sm_race){.begin = begin_with_clone,
                                         .actors = {wake_kept, end_poll},
                                         .end = expect_one_entry,
                                         .context = &clones,
                                         .rounds = ROUNDS});
}

const struct sm_case sm_waker_race_cases[] = {
    SM_CASE(WAKER_08, wake_publishes_what_was_written_before),    SM_CASE(WAKER_18, first_clones_may_race),
    SM_CASE(WAKER_21, stopped_thread_holds_up_no_other),          SM_CASE(WAKER_23, racing_wakes_make_ready_once),
    SM_CASE(WAKER_23, wake_racing_the_end_of_a_poll_is_not_lost),
};
const size_t sm_waker_race_case_count = sizeof sm_waker_race_cases / sizeof sm_waker_race_cases[0];
