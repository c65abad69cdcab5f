// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the scenarios of tasks share: a queue, up to two tasks of it, and clones of their wakers in the actors' hands.
#ifndef SLOTMARK_STRESS_WAKER_YARD_H_
#define SLOTMARK_STRESS_WAKER_YARD_H_

#include <stdatomic.h>

#include "stress/litmus.h"

enum { GIVEN_MAX = 3 }; // a task that is given so often is given for ever

// yard is the record of them.
struct yard {
    _Alignas(64) struct sm_ready_queue *queue;
    struct sm_task *tasks[2];  // the token of a task is its number, from 1
    struct sm_waker wakers[2]; // clones, one an actor
    const struct sm_waker *lent;
    _Alignas(64) int page, polls;    // plain: ThreadSanitizer sees a race where the subject does not order them
    _Alignas(64) atomic_int note;    // relaxed: ordered by the subject, or not at all
    _Alignas(64) atomic_int notices; // calls of notify
    struct {
        _Alignas(64) int seen[2];
    } actors[3];
};

static inline void count_notice(void *context) {
    struct yard *yard = context;
    atomic_fetch_add_explicit(&yard->notices, 1, memory_order_release);
}

static inline struct sm_waker clone_of(struct sm_trial *trial, const struct sm_waker *waker) {
    struct sm_waker clone = {NULL, NULL};
    SM_EXPECT_STATUS(trial, SM_OK, waker->vtable->clone(waker->data, &clone));
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

static inline void new_task(struct sm_trial *trial, struct yard *yard, unsigned index) {
    void *token = (void *)(uintptr_t)(index + 1);
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_create(yard->queue, token, &yard->tasks[index]));
}

static inline void begin_poll(struct sm_trial *trial, struct yard *yard, unsigned index) {
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_begin(yard->tasks[index], &yard->lent));
}

static inline int end_poll(struct sm_trial *trial, struct sm_task *task) {
    enum sm_rearm rearm = (enum sm_rearm)0;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_end(task, &rearm));
    return (int)rearm;
}

// take returns the number of the task that was given; 0 for none.
static inline int take(struct sm_trial *trial, struct yard *yard) {
    void *token = NULL;
    enum sm_status status = trial->waker->queue_take(yard->queue, &token);
    if (status == SM_EMPTY) {
        return 0;
    }
    SM_EXPECT_STATUS(trial, SM_OK, status);
    SM_EXPECT(trial, (uintptr_t)token == 1 || (uintptr_t)token == 2, "a token that a task was created with");
    return (int)(uintptr_t)token;
}

// given returns how often a task is given until none is.
static inline int given(struct sm_trial *trial, struct yard *yard) {
    int times = 0;
    while (times < GIVEN_MAX && take(trial, yard) != 0) {
        times++;
    }
    return times;
}

// begin_polled makes a queue and a task, which is in its first poll: one waker is lent.
static inline void begin_polled(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    SM_EXPECT_STATUS(trial, SM_OK, trial->waker->queue_create(count_notice, yard, &yard->queue));
    new_task(trial, yard, 0);
    begin_poll(trial, yard, 0);
}

// begin_armed makes a task that two clones of its waker can wake.
static inline void begin_armed(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_polled(trial, yard);
    yard->wakers[0] = clone_of(trial, yard->lent);
    yard->wakers[1] = clone_of(trial, yard->lent);
    end_poll(trial, yard->tasks[0]);
}

// begin_ready makes such a task, which one of them has woken.
static inline void begin_ready(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    begin_armed(trial, yard);
    wake(&yard->wakers[1]);
}

// close_yard takes what is left and frees everything. Returns how often a task was given.
static inline int close_yard(struct sm_trial *trial, struct yard *yard) {
    int times = given(trial, yard);
    if (times < GIVEN_MAX) {
        SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(yard->tasks[0]));
        SM_EXPECT_STATUS(trial, SM_OK, trial->waker->task_destroy(yard->tasks[1]));
        trial->waker->queue_destroy(yard->queue);
    }
    return times;
}

// ------------------------------------------------------------------------------------------------------------------
// What actors do

static inline void wake_first(struct sm_trial *trial, void *state) {
    const struct yard *yard = state;
    (void)trial;
    wake(&yard->wakers[0]);
}

static inline void wake_second(struct sm_trial *trial, void *state) {
    const struct yard *yard = state;
    (void)trial;
    wake(&yard->wakers[1]);
}

static inline void note_and_wake(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    (void)trial;
    atomic_store_explicit(&yard->note, 1, memory_order_relaxed);
    wake(&yard->wakers[0]);
}

static inline int read_note(struct yard *yard) {
    return atomic_load_explicit(&yard->note, memory_order_relaxed);
}

static inline void take_and_read(struct sm_trial *trial, void *state) {
    struct yard *yard = state;
    yard->actors[1].seen[0] = take(trial, yard) != 0 ? yard->page : -1;
}

static inline void run_tasks(struct sm_trial *trial, const struct sm_litmus *litmus) {
    SM_NEED(trial, waker, queue_create);
    sm_litmus_run(trial, litmus);
}

#endif // SLOTMARK_STRESS_WAKER_YARD_H_
