// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the cases of queues and tasks share: a queue, a task of it, and a poll with what it is expected to answer.
#ifndef SLOTMARK_CONFORMANCE_WAKER_FIXTURE_H_
#define SLOTMARK_CONFORMANCE_WAKER_FIXTURE_H_

#include "conformance/harness/trial.h"

static inline struct sm_ready_queue *new_queue(struct sm_trial *trial) {
    SM_NEED(trial, waker, queue_create);
    struct sm_ready_queue *queue = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->queue_create(NULL, NULL, &queue));
    return queue;
}

// A task's token is the address of the pointer that has it.
static inline void new_task(struct sm_trial *trial, struct sm_ready_queue *queue, struct sm_task **task) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_create(queue, task, task));
}

static inline const struct sm_waker *begin(struct sm_trial *trial, struct sm_task *task) {
    const struct sm_waker *waker = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_begin(task, &waker));
    SM_EXPECT(trial, waker != NULL && waker->vtable != NULL, "a waker lent by task_begin");
    return waker;
}

static inline void expect_end(struct sm_trial *trial, struct sm_task *task, enum sm_rearm expected) {
    enum sm_rearm rearm = (enum sm_rearm)0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_end(task, &rearm));
    SM_EXPECT_EQUAL(trial, expected, rearm, "what task_end says: 1 for NONE, 2 for NOW, 3 for ARMED;");
}

static inline struct sm_waker clone_of(struct sm_trial *trial, const struct sm_waker *waker) {
    struct sm_waker clone = {NULL, NULL};
    SM_EXPECT_STATUS(trial, SM_OK, waker->vtable->clone(waker->data, &clone));
    return clone;
}

// poll_for_clone polls a task once and returns a clone of its waker.
static inline struct sm_waker poll_for_clone(struct sm_trial *trial, struct sm_task *task) {
    struct sm_waker clone = clone_of(trial, begin(trial, task));
    expect_end(trial, task, SM_REARM_ARMED);
    return clone;
}

static inline void wake(const struct sm_waker *waker) {
    waker->vtable->wake(waker->data);
}

static inline void wake_by_ref(const struct sm_waker *waker) {
    waker->vtable->wake_by_ref(waker->data);
}

static inline void drop(const struct sm_waker *waker) {
    waker->vtable->drop(waker->data);
}

static inline void expect_ready(struct sm_trial *trial, struct sm_ready_queue *queue, struct sm_task *const *task) {
    void *token = NULL;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->queue_take(queue, &token));
    SM_EXPECT(trial, token == task, "the token of the task that was woken");
}

static inline void expect_none_ready(struct sm_trial *trial, struct sm_ready_queue *queue) {
    void *token = NULL;
    SM_EXPECT_STATUS(trial, SM_EMPTY, trial->waker->queue_take(queue, &token));
}

#endif // SLOTMARK_CONFORMANCE_WAKER_FIXTURE_H_
