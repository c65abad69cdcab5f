// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The cases of the profile `waker`: queues and tasks, one thread at a time. A case looks at one requirement and at
// nothing else. Those of cells are in waker_cell.c.
#include "conformance/harness/allocation.h"
#include "conformance/harness/suite.h"
#include "conformance/harness/thread.h"
#include "conformance/waker_fixture.h"

// ------------------------------------------------------------------------------------------------------------------
// Wakes

static void wake_makes_the_task_ready_once(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task, *other;
    new_task(trial, queue, &other);
    new_task(trial, queue, &task);
    expect_none_ready(trial, queue);
    struct sm_waker waker = poll_for_clone(trial, task);
    expect_none_ready(trial, queue);
    wake(&waker);
    expect_ready(trial, queue, &task);
    expect_none_ready(trial, queue);
}

// U03: many wakes, by one waker and by several.
static void many_wakes_make_the_task_ready_once(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    struct sm_waker waker = poll_for_clone(trial, task);
    struct sm_waker other = clone_of(trial, &waker);
    for (unsigned i = 0; i < 5; i++) {
        wake_by_ref(&waker);
        wake_by_ref(&other);
    }
    wake(&waker);
    wake(&other);
    expect_ready(trial, queue, &task);
    expect_none_ready(trial, queue);
}

// U01, K06: the lent waker is woken inside the poll.
static void wake_of_the_lent_waker_makes_ready_at_the_end(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    const struct sm_waker *waker = begin(trial, task);
    wake_by_ref(waker);
    wake_by_ref(waker);
    expect_end(trial, task, SM_REARM_NOW);
    expect_ready(trial, queue, &task);
    expect_none_ready(trial, queue);
}

static void wake_of_a_clone_inside_the_poll_makes_ready_at_the_end(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    struct sm_waker clone = clone_of(trial, begin(trial, task));
    wake(&clone);
    expect_end(trial, task, SM_REARM_NOW);
    expect_ready(trial, queue, &task);
    expect_none_ready(trial, queue);
}

static void wake_elsewhere(struct sm_trial *trial, void *context) {
    (void)trial;
    wake_by_ref(context);
}

static void wake_on_another_thread_makes_ready_at_the_end(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    sm_on_thread(trial, wake_elsewhere, (void *)(uintptr_t)begin(trial, task));
    expect_end(trial, task, SM_REARM_NOW);
    expect_ready(trial, queue, &task);
}

static void poll_without_wake_or_clone_ends_in_none(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    begin(trial, task);
    expect_end(trial, task, SM_REARM_NONE);
    expect_none_ready(trial, queue);
}

static void clone_is_armed_until_it_is_woken(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    struct sm_waker waker = poll_for_clone(trial, task);
    expect_none_ready(trial, queue);
    wake(&waker);
    expect_ready(trial, queue, &task);
    begin(trial, task); // the answer is the poll's own, not the last one's
    expect_end(trial, task, SM_REARM_NONE);
}

static void task_is_not_given_while_it_is_polled(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    wake_by_ref(begin(trial, task));
    expect_none_ready(trial, queue);
    expect_end(trial, task, SM_REARM_NOW);
    expect_ready(trial, queue, &task);
}

// Nor where it was ready when the poll began: what comes in the poll is the end's to say.
static void task_that_was_ready_is_not_given_while_it_is_polled(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    struct sm_waker waker = poll_for_clone(trial, task);
    wake(&waker);
    wake_by_ref(begin(trial, task));
    expect_none_ready(trial, queue);
    expect_end(trial, task, SM_REARM_NOW);
    expect_ready(trial, queue, &task);
    expect_none_ready(trial, queue);
}

// Between the take and the poll, too.
static void wake_after_take_makes_ready_anew(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    struct sm_waker waker = poll_for_clone(trial, task);
    for (unsigned i = 0; i < 3; i++) {
        wake_by_ref(&waker);
        expect_ready(trial, queue, &task);
        expect_none_ready(trial, queue);
    }
    drop(&waker);
}

static void wake_by_ref_keeps_the_waker(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    struct sm_waker waker = poll_for_clone(trial, task);
    struct sm_waker second = clone_of(trial, &waker);
    wake(&waker);
    expect_ready(trial, queue, &task);
    wake_by_ref(&second);
    expect_ready(trial, queue, &task);
    struct sm_waker third = clone_of(trial, &second);
    drop(&second);
    expect_none_ready(trial, queue);
    wake(&third);
    expect_ready(trial, queue, &task);
}

// ------------------------------------------------------------------------------------------------------------------
// Notices

struct notices {
    struct sm_trial *trial;
    struct sm_ready_queue *queue;
    struct sm_task *task;
    unsigned count;
    int thread;
    void (*then)(struct notices *notices);
};

static void count_notice(void *context) {
    struct notices *notices = context;
    notices->count++;
    notices->thread = sm_thread_id();
    if (notices->then != NULL && notices->count == 1) {
        notices->then(notices);
    }
}

static void begin_notices(struct sm_trial *trial, struct notices *notices, void (*then)(struct notices *notices)) {
    SM_NEED(trial, waker, queue_create);
    *notices = (struct notices){.trial = trial, .then = then};
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->queue_create(count_notice, notices, &notices->queue));
    new_task(trial, notices->queue, &notices->task);
}

static void first_wake_after_empty_notifies(struct sm_trial *trial) {
    struct notices notices;
    begin_notices(trial, &notices, NULL);
    struct sm_waker waker = poll_for_clone(trial, notices.task);
    for (unsigned i = 1; i <= 3; i++) {
        expect_none_ready(trial, notices.queue);
        SM_EXPECT_EQUAL(trial, i - 1, notices.count, "notices before the wake");
        wake_by_ref(&waker);
        wake_by_ref(&waker);
        SM_EXPECT_EQUAL(trial, i, notices.count, "notices after two wakes");
        SM_EXPECT_EQUAL(trial, sm_thread_id(), notices.thread, "the thread that was notified on");
        expect_ready(trial, notices.queue, &notices.task);
    }
}

// A task that was woken in its poll is no less ready.
static void wake_inside_the_poll_notifies_at_the_end(struct sm_trial *trial) {
    struct notices notices;
    begin_notices(trial, &notices, NULL);
    expect_none_ready(trial, notices.queue);
    wake_by_ref(begin(trial, notices.task));
    expect_end(trial, notices.task, SM_REARM_NOW);
    SM_EXPECT_EQUAL(trial, 1, notices.count, "notices");
}

static void take_and_poll(struct notices *notices) {
    expect_ready(notices->trial, notices->queue, &notices->task);
    struct sm_waker waker = poll_for_clone(notices->trial, notices->task);
    wake(&waker);
}

static void notify_may_use_the_library(struct sm_trial *trial) {
    struct notices notices;
    begin_notices(trial, &notices, take_and_poll);
    struct sm_waker waker = poll_for_clone(trial, notices.task);
    expect_none_ready(trial, notices.queue);
    wake(&waker);
    expect_ready(trial, notices.queue, &notices.task);
}

static void take_elsewhere(struct sm_trial *trial, void *context) {
    struct notices *notices = context;
    expect_ready(trial, notices->queue, &notices->task);
}

static void wait_for_a_taker(struct notices *notices) {
    sm_on_thread(notices->trial, take_elsewhere, notices);
}

static void notify_may_wait_for_another_thread(struct sm_trial *trial) {
    struct notices notices;
    begin_notices(trial, &notices, wait_for_a_taker);
    struct sm_waker waker = poll_for_clone(trial, notices.task);
    expect_none_ready(trial, notices.queue);
    wake(&waker);
    expect_none_ready(trial, notices.queue);
}

// ------------------------------------------------------------------------------------------------------------------
// Lives

// U02, K04: the waker is kept past the task's life.
static void wakers_of_a_destroyed_task_wake_nothing(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task, *other;
    new_task(trial, queue, &task);
    new_task(trial, queue, &other);
    struct sm_waker waker = poll_for_clone(trial, task), second = clone_of(trial, &waker);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(task));
    wake_by_ref(&waker);
    wake(&waker);
    drop(&second);
    expect_none_ready(trial, queue);
    struct sm_waker alive = poll_for_clone(trial, other);
    wake(&alive);
    expect_ready(trial, queue, &other);
}

static void destroyed_task_is_ready_no_more(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *first, *task, *last;
    new_task(trial, queue, &first);
    new_task(trial, queue, &task);
    new_task(trial, queue, &last);
    struct sm_waker wakers[] = {poll_for_clone(trial, first), poll_for_clone(trial, task), poll_for_clone(trial, last)};
    for (unsigned i = 0; i < 3; i++) {
        wake(&wakers[i]);
    }
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(task));
    expect_ready(trial, queue, &first);
    expect_ready(trial, queue, &last);
    expect_none_ready(trial, queue);
}

static void wakers_outlive_the_queue(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    struct sm_waker waker = poll_for_clone(trial, task);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(task));
    trial->waker->queue_destroy(queue);
    struct sm_waker clone = clone_of(trial, &waker);
    wake_by_ref(&waker);
    wake(&waker);
    drop(&clone);
}

// One task from its creation to its last waker.
static void live_once(struct sm_trial *trial, unsigned way) {
    (void)way;
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    struct sm_waker waker = poll_for_clone(trial, task);
    struct sm_waker second = clone_of(trial, &waker), third = clone_of(trial, &waker);
    wake(&waker);
    expect_ready(trial, queue, &task);
    drop(&second);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(task));
    trial->waker->queue_destroy(queue);
    wake(&third);
}

static void last_waker_takes_task_and_queue_along(struct sm_trial *trial) {
    SM_NEED(trial, waker, queue_create);
    SM_EXPECT_GIVEN_BACK(trial, live_once, 1, "the memory of a thousand tasks to be given back");
}

// K03: in order, however many.
static void tasks_are_given_in_the_order_of_their_wakes(struct sm_trial *trial) {
    enum { COUNT = 20 };
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *tasks[COUNT];
    struct sm_waker wakers[COUNT];
    for (unsigned i = 0; i < COUNT; i++) {
        new_task(trial, queue, &tasks[i]);
        wakers[i] = poll_for_clone(trial, tasks[i]);
    }
    for (unsigned i = 0; i < COUNT; i++) {
        wake(&wakers[i * 7 % COUNT]);
        if (i == COUNT / 2) { // some are taken before the others come
            expect_ready(trial, queue, &tasks[0]);
        }
    }
    for (unsigned i = 1; i < COUNT; i++) {
        expect_ready(trial, queue, &tasks[i * 7 % COUNT]);
    }
}

// W09: a task that yields for ever, and another that is woken once.
static void self_waking_task_starves_no_other(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *busy, *other;
    new_task(trial, queue, &busy);
    new_task(trial, queue, &other);
    struct sm_waker waker = poll_for_clone(trial, other);
    unsigned turns = 0;
    wake_by_ref(begin(trial, busy));
    expect_end(trial, busy, SM_REARM_NOW);
    wake(&waker);
    for (void *token = NULL; token != &other; turns++) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->waker->queue_take(queue, &token));
        if (token == &busy) {
            wake_by_ref(begin(trial, busy));
            expect_end(trial, busy, SM_REARM_NOW);
        }
        SM_EXPECT(trial, turns < 4, "the other task within a few turns");
    }
}

static void second_poll_is_busy(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    const struct sm_waker *waker;
    enum sm_rearm rearm;
    new_task(trial, queue, &task);
    SM_EXPECT_STATUS(trial, SM_IDLE, trial->waker->task_end(task, &rearm));
    begin(trial, task);
    SM_EXPECT_STATUS(trial, SM_BUSY, trial->waker->task_begin(task, &waker));
    SM_EXPECT_STATUS(trial, SM_BUSY, trial->waker->task_destroy(task));
    expect_end(trial, task, SM_REARM_NONE);
    SM_EXPECT_STATUS(trial, SM_IDLE, trial->waker->task_end(task, &rearm));
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(task));
}

static void stale_waker_does_as_declared(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    struct sm_waker stale = poll_for_clone(trial, task);
    struct sm_waker fresh = poll_for_clone(trial, task);
    wake(&stale);
    if (trial->waker->stale == SM_STALE_WAKER_WAKES) {
        expect_ready(trial, queue, &task);
    } else {
        expect_none_ready(trial, queue);
    }
    wake(&fresh);
    expect_ready(trial, queue, &task);
}

static void late_clone_does_as_declared(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    const struct sm_waker *waker = begin(trial, task);
    wake_by_ref(waker);
    struct sm_waker late = clone_of(trial, waker);
    expect_end(trial, task, SM_REARM_NOW);
    expect_ready(trial, queue, &task);
    wake(&late);
    if (trial->waker->late_clone == SM_LATE_CLONE_WAKES) {
        expect_ready(trial, queue, &task);
    } else {
        expect_none_ready(trial, queue);
    }
}

static void clones_outlive_the_poll(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    struct sm_waker clones[8];
    new_task(trial, queue, &task);
    const struct sm_waker *waker = begin(trial, task);
    for (unsigned i = 0; i < 8; i++) {
        clones[i] = clone_of(trial, waker);
    }
    expect_end(trial, task, SM_REARM_ARMED);
    for (unsigned i = 0; i < 8; i++) {
        if (i % 2 == 0) {
            wake(&clones[i]);
            expect_ready(trial, queue, &task);
        } else {
            drop(&clones[i]);
            expect_none_ready(trial, queue);
        }
    }
}

// W26: the outer poll's waker is the outer task's after the inner poll, and the inner one's the inner's.
static void nested_poll_leaves_the_outer_waker(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *outer, *inner;
    new_task(trial, queue, &outer);
    new_task(trial, queue, &inner);
    const struct sm_waker *lent = begin(trial, outer);
    struct sm_waker of_inner = poll_for_clone(trial, inner);
    struct sm_waker of_outer = clone_of(trial, lent);
    expect_end(trial, outer, SM_REARM_ARMED);
    wake(&of_inner);
    expect_ready(trial, queue, &inner);
    wake(&of_outer);
    expect_ready(trial, queue, &outer);
    expect_none_ready(trial, queue);
}

static void poll_and_wake_allocate_nothing(struct sm_trial *trial) {
    sm_allocation_need(trial);
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    unsigned long before = sm_allocation_count();
    for (unsigned i = 0; i < 3; i++) {
        begin(trial, task);
        expect_end(trial, task, SM_REARM_NONE);
    }
    SM_EXPECT_EQUAL(trial, before, sm_allocation_count(), "allocations so far, after polls");
    struct sm_waker waker = poll_for_clone(trial, task), second = clone_of(trial, &waker);
    before = sm_allocation_count();
    wake_by_ref(&waker);
    expect_ready(trial, queue, &task);
    wake(&waker);
    drop(&second);
    SM_EXPECT_EQUAL(trial, before, sm_allocation_count(), "allocations so far, after wakes and a drop");
}

// Without memory from here on: the clone fails and the task goes on, or it has no need of any.
static void failed_clone_leaves_the_task(struct sm_trial *trial) {
    SM_NEED_DECLARED(trial, trial->waker->out_of_memory != SM_OUT_OF_MEMORY_ABORTS,
                     "out_of_memory is declared as ABORTS");
    sm_allocation_need(trial);
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    new_task(trial, queue, &task);
    const struct sm_waker *lent = begin(trial, task);
    struct sm_waker clone;
    sm_allocation_fail(1);
    enum sm_status status = lent->vtable->clone(lent->data, &clone);
    unsigned long failed = sm_allocation_fail(0);
    int fails = trial->waker->out_of_memory == SM_OUT_OF_MEMORY_REPORTED && failed > 0;
    SM_EXPECT_STATUS(trial, fails ? SM_NO_MEMORY : SM_OK, status);
    if (!fails) {
        drop(&clone);
    }
    clone = clone_of(trial, lent);
    wake_by_ref(lent);
    expect_end(trial, task, SM_REARM_NOW);
    expect_ready(trial, queue, &task);
    drop(&clone);
}

static void null_arguments_are_invalid(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    struct sm_task *task;
    const struct sm_waker *waker;
    enum sm_rearm rearm;
    void *token;
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->waker->queue_create(NULL, NULL, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->waker->queue_take(NULL, &token));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->waker->queue_take(queue, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->waker->task_create(NULL, NULL, &task));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->waker->task_create(queue, NULL, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->waker->task_begin(NULL, &waker));
    new_task(trial, queue, &task);
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->waker->task_begin(task, NULL));
    SM_EXPECT_STATUS(trial, SM_INVALID, trial->waker->task_end(NULL, &rearm));
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(NULL));
    trial->waker->queue_destroy(NULL);
}

static void will_wake_tells_tasks_apart(struct sm_trial *trial) {
    struct sm_ready_queue *queue = new_queue(trial);
    SM_NEED(trial, waker, will_wake);
    struct sm_task *left, *right;
    int same = -1;
    new_task(trial, queue, &left);
    new_task(trial, queue, &right);
    struct sm_waker of_left = poll_for_clone(trial, left), of_right = poll_for_clone(trial, right);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->will_wake(&of_left, &of_right, &same));
    SM_EXPECT_EQUAL(trial, 0, same, "will_wake of two tasks' wakers");
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->will_wake(&of_left, &of_left, &same));
    SM_EXPECT_EQUAL(trial, 1, same, "will_wake of a waker and itself");
}

const struct sm_case sm_waker_cases[] = {
    SM_CASE(WAKER_01, wake_makes_the_task_ready_once),
    SM_CASE(WAKER_02, many_wakes_make_the_task_ready_once),
    SM_CASE(WAKER_03, wake_of_the_lent_waker_makes_ready_at_the_end),
    SM_CASE(WAKER_03, wake_of_a_clone_inside_the_poll_makes_ready_at_the_end),
    SM_CASE(WAKER_03, wake_on_another_thread_makes_ready_at_the_end),
    SM_CASE(WAKER_04, poll_without_wake_or_clone_ends_in_none),
    SM_CASE(WAKER_04, clone_is_armed_until_it_is_woken),
    SM_CASE(WAKER_05, task_is_not_given_while_it_is_polled),
    SM_CASE(WAKER_05, task_that_was_ready_is_not_given_while_it_is_polled),
    SM_CASE(WAKER_06, wake_after_take_makes_ready_anew),
    SM_CASE(WAKER_07, wake_by_ref_keeps_the_waker),
    SM_CASE(WAKER_07, last_waker_takes_task_and_queue_along),
    SM_CASE(WAKER_09, first_wake_after_empty_notifies),
    SM_CASE(WAKER_09, wake_inside_the_poll_notifies_at_the_end),
    SM_CASE(WAKER_10, notify_may_use_the_library),
    SM_CASE(WAKER_10, notify_may_wait_for_another_thread),
    SM_CASE(WAKER_11, wakers_of_a_destroyed_task_wake_nothing),
    SM_CASE(WAKER_11, destroyed_task_is_ready_no_more),
    SM_CASE(WAKER_12, wakers_outlive_the_queue),
    SM_CASE(WAKER_13, tasks_are_given_in_the_order_of_their_wakes),
    SM_CASE(WAKER_14, self_waking_task_starves_no_other),
    SM_CASE(WAKER_15, second_poll_is_busy),
    SM_CASE(WAKER_16, stale_waker_does_as_declared),
    SM_CASE(WAKER_17, late_clone_does_as_declared),
    SM_CASE(WAKER_18, clones_outlive_the_poll),
    SM_CASE(WAKER_19, nested_poll_leaves_the_outer_waker),
    SM_CASE(WAKER_20, poll_and_wake_allocate_nothing),
    SM_CASE(WAKER_31, failed_clone_leaves_the_task),
    SM_CASE(WAKER_22, null_arguments_are_invalid),
    SM_CASE(WAKER_24, will_wake_tells_tasks_apart),
};
const size_t sm_waker_case_count = sizeof sm_waker_cases / sizeof sm_waker_cases[0];
