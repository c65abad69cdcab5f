// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `waker` in which there are many: tasks that are ready at once, wakes, clones. What counts
// them in 8 or 16 bits, or has room for a thousand, is found out.
#include "conformance/harness/suite.h"
#include "conformance/harness/trial.h"

// More than 16 bits count, and exactly what makes a counter of 8 or 16 bits come round to where it was.
enum { MANY = 70000, ROUND_OF_8_BITS = 1 << 8, ROUND_OF_16_BITS = 1 << 16 };

struct yard {
    struct sm_ready_queue *queue;
    struct sm_task *task;
};

// A task's token is the address of the pointer that has it.
static void begin_task(struct sm_trial *trial, struct yard *yard, struct sm_task **task) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_create(yard->queue, task, task));
}

static void begin_yard(struct sm_trial *trial, struct yard *yard) {
    SM_NEED(trial, waker, queue_create);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->queue_create(NULL, NULL, &yard->queue));
    begin_task(trial, yard, &yard->task);
}

static const struct sm_waker *begin_poll(struct sm_trial *trial, struct sm_task *task) {
    const struct sm_waker *waker = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_begin(task, &waker));
    return waker;
}

static void expect_end(struct sm_trial *trial, struct sm_task *task, enum sm_rearm expected) {
    enum sm_rearm rearm = (enum sm_rearm)0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_end(task, &rearm));
    SM_EXPECT_EQUAL(trial, expected, rearm, "what task_end says: 1 for NONE, 2 for NOW, 3 for ARMED;");
}

// poll_for_clone polls a task once and keeps a clone of its waker.
static void poll_for_clone(struct sm_trial *trial, struct sm_task *task, struct sm_waker *out_clone) {
    const struct sm_waker *lent = begin_poll(trial, task);
    SM_EXPECT_STATUS(trial, SM_OK, lent->vtable->clone(lent->data, out_clone));
    expect_end(trial, task, SM_REARM_ARMED);
}

static void expect_ready(struct sm_trial *trial, struct sm_ready_queue *queue, struct sm_task *const *task) {
    void *token = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->queue_take(queue, &token));
    SM_EXPECT(trial, token == task, "the token of the task that was woken");
}

static void expect_none_ready(struct sm_trial *trial, struct sm_ready_queue *queue) {
    void *token = NULL;
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->waker->queue_take(queue, &token));
}

// All of them are ready before the first is taken.
static void thousands_of_tasks_are_given_in_the_order_of_their_wakes(struct sm_trial *trial) {
    enum { COUNT = 5000 };
    static struct sm_task *tasks[COUNT];
    static struct sm_waker wakers[COUNT];
    struct yard yard;
    begin_yard(trial, &yard);
    for (unsigned i = 0; i < COUNT; i++) {
        begin_task(trial, &yard, &tasks[i]);
        poll_for_clone(trial, tasks[i], &wakers[i]);
    }
    for (unsigned i = 0; i < COUNT; i++) {
        const struct sm_waker *waker = &wakers[i * 7 % COUNT];
        waker->vtable->wake(waker->data);
    }
    for (unsigned i = 0; i < COUNT; i++) {
        expect_ready(trial, yard.queue, &tasks[i * 7 % COUNT]);
    }
    expect_none_ready(trial, yard.queue);
    for (unsigned i = 0; i < COUNT; i++) { // the queue outlives all of them
        SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(tasks[i]));
    }
    poll_for_clone(trial, yard.task, &wakers[0]);
    wakers[0].vtable->wake(wakers[0].data);
    expect_ready(trial, yard.queue, &yard.task);
}

static void wake_often(const struct sm_waker *waker, unsigned times) {
    for (unsigned i = 0; i < times; i++) {
        waker->vtable->wake_by_ref(waker->data);
    }
}

static void any_number_of_wakes_make_the_task_ready_once(struct sm_trial *trial) {
    struct yard yard;
    struct sm_waker waker;
    begin_yard(trial, &yard);
    poll_for_clone(trial, yard.task, &waker);
    for (unsigned times = ROUND_OF_8_BITS; times <= ROUND_OF_16_BITS; times *= ROUND_OF_8_BITS) {
        wake_often(&waker, times);
        expect_ready(trial, yard.queue, &yard.task);
        expect_none_ready(trial, yard.queue);
    }
}

static void any_number_of_wakes_inside_the_poll_make_ready_once(struct sm_trial *trial) {
    struct yard yard;
    begin_yard(trial, &yard);
    for (unsigned times = ROUND_OF_8_BITS; times <= ROUND_OF_16_BITS; times *= ROUND_OF_8_BITS) {
        wake_often(begin_poll(trial, yard.task), times);
        expect_end(trial, yard.task, SM_REARM_NOW);
        expect_ready(trial, yard.queue, &yard.task);
        expect_none_ready(trial, yard.queue);
    }
}

// All live at once; the last of them wakes still.
static void waker_has_any_number_of_clones(struct sm_trial *trial) {
    static struct sm_waker clones[MANY];
    struct yard yard;
    begin_yard(trial, &yard);
    poll_for_clone(trial, yard.task, &clones[0]);
    for (unsigned i = 1; i < MANY; i++) {
        SM_EXPECT_STATUS(trial, SM_OK, clones[0].vtable->clone(clones[0].data, &clones[i]));
    }
    for (unsigned i = 0; i + 1 < MANY; i++) {
        clones[i].vtable->drop(clones[i].data);
    }
    clones[MANY - 1].vtable->wake(clones[MANY - 1].data);
    expect_ready(trial, yard.queue, &yard.task);
}

const struct sm_case sm_waker_many_cases[] = {
    SM_CASE(WAKER_02, any_number_of_wakes_make_the_task_ready_once),
    SM_CASE(WAKER_03, any_number_of_wakes_inside_the_poll_make_ready_once),
    SM_CASE(WAKER_07, waker_has_any_number_of_clones),
    SM_CASE(WAKER_13, thousands_of_tasks_are_given_in_the_order_of_their_wakes),
};
const size_t sm_waker_many_case_count = sizeof sm_waker_many_cases / sizeof sm_waker_many_cases[0];
