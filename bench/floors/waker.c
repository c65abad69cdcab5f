// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The floor of wakers: a clone and a drop count a reference, one instruction each. A wake marks the task, and where it
// was not ready, puts it into the queue: one each; to take it clears the mark. A wake that uses its waker up marks and
// counts by one, as mark and count can be one word. To begin a poll is one, to end it another. In a cell the waker
// changes hands by one exchange to register it and one to take it out. A look is free.
// A wake that stood still between its exchange and its link would hide the tasks below. Who promises that it does not
// [WAKER-21] links first, and for the order of wakes [WAKER-13] takes all there is by an exchange and turns it round.
#include "bench/floors/floor.h"

#include <stdatomic.h>
#include <stdlib.h>

struct sm_task {
    struct sm_ready_queue *queue;
    void *token;
    struct sm_task *next;
    struct sm_waker lent;
    atomic_int marked;
    atomic_int references;
};

struct sm_ready_queue {
    _Atomic(struct sm_task *) top;
};

struct sm_waker_cell {
    struct sm_waker waker;
    atomic_int full;
};

static enum sm_status waker_queue_create(void (*notify)(void *context), void *context,
                                         struct sm_ready_queue **out_queue) {
    (void)notify;
    (void)context;
    *out_queue = malloc(sizeof **out_queue);
    atomic_init(&(*out_queue)->top, NULL);
    return SM_OK;
}

static void waker_queue_destroy(struct sm_ready_queue *queue) {
    free(queue);
}

static enum sm_status waker_queue_take(struct sm_ready_queue *queue, void **out_token) {
    struct sm_task *task = atomic_load_explicit(&queue->top, memory_order_acquire);
    if (task == NULL) {
        return SM_EMPTY;
    }
    atomic_store_explicit(&queue->top, task->next, memory_order_relaxed);
    atomic_exchange_explicit(&task->marked, 0, memory_order_acq_rel);
    *out_token = task->token;
    return SM_OK;
}

static void push(struct sm_task *task) {
    task->next = atomic_exchange_explicit(&task->queue->top, task, memory_order_acq_rel);
}

static void wake_by_ref(const void *data) {
    struct sm_task *task = (struct sm_task *)(uintptr_t)data;
    floor_settle();
    if (atomic_exchange_explicit(&task->marked, 1, memory_order_acq_rel) == 0) {
        push(task);
    }
}

static void release(struct sm_task *task) {
    if (atomic_fetch_sub_explicit(&task->references, 1, memory_order_acq_rel) == 1) {
        free(task);
    }
}

static void drop(void *data) {
    floor_settle();
    release(data);
}

static void wake(void *data) {
    struct sm_task *task = data;
    if (atomic_load_explicit(&task->marked, memory_order_relaxed) == 0) {
        atomic_store_explicit(&task->marked, 1, memory_order_relaxed);
        push(task);
    }
    release(task);
}

static enum sm_status clone(const void *data, struct sm_waker *out_waker);

static const struct sm_waker_vtable waker_vtable = {clone, wake, wake_by_ref, drop};

static enum sm_status clone(const void *data, struct sm_waker *out_waker) {
    struct sm_task *task = (struct sm_task *)(uintptr_t)data;
    floor_settle();
    atomic_fetch_add_explicit(&task->references, 1, memory_order_relaxed);
    *out_waker = (struct sm_waker){task, &waker_vtable};
    return SM_OK;
}

static enum sm_status waker_task_create(struct sm_ready_queue *queue, void *token, struct sm_task **out_task) {
    struct sm_task *task = malloc(sizeof *task);
    task->queue = queue;
    task->token = token;
    task->next = NULL;
    task->lent = (struct sm_waker){task, &waker_vtable};
    atomic_init(&task->marked, 0);
    atomic_init(&task->references, 1);
    *out_task = task;
    return SM_OK;
}

static enum sm_status waker_task_destroy(struct sm_task *task) {
    if (atomic_load_explicit(&task->references, memory_order_acquire) == 1) {
        free(task);
    } else {
        release(task);
    }
    return SM_OK;
}

static enum sm_status waker_task_begin(struct sm_task *task, const struct sm_waker **out_waker) {
    floor_settle();
    atomic_exchange_explicit(&task->marked, 0, memory_order_acq_rel);
    *out_waker = &task->lent;
    return SM_OK;
}

static enum sm_status waker_task_end(struct sm_task *task, enum sm_rearm *out_rearm) {
    floor_settle();
    int marked = atomic_exchange_explicit(&task->marked, 0, memory_order_acq_rel);
    *out_rearm = marked ? SM_REARM_NOW : SM_REARM_NONE;
    return SM_OK;
}

static enum sm_status waker_will_wake(const struct sm_waker *one, const struct sm_waker *other, int *out_same) {
    *out_same = one->data == other->data && one->vtable == other->vtable;
    return SM_OK;
}

static enum sm_status waker_cell_create(struct sm_waker_cell **out_cell) {
    *out_cell = calloc(1, sizeof **out_cell);
    return SM_OK;
}

static void waker_cell_destroy(struct sm_waker_cell *cell) {
    if (atomic_load_explicit(&cell->full, memory_order_acquire)) {
        cell->waker.vtable->drop(cell->waker.data);
    }
    free(cell);
}

static enum sm_status waker_cell_register(struct sm_waker_cell *cell, const struct sm_waker *waker) {
    if (atomic_load_explicit(&cell->full, memory_order_acquire) && cell->waker.data == waker->data) {
        return SM_OK;
    }
    waker->vtable->clone(waker->data, &cell->waker);
    atomic_exchange_explicit(&cell->full, 1, memory_order_acq_rel);
    return SM_OK;
}

static enum sm_status waker_cell_wake(struct sm_waker_cell *cell) {
    floor_settle();
    if (!atomic_exchange_explicit(&cell->full, 0, memory_order_acq_rel)) {
        return SM_EMPTY;
    }
    cell->waker.vtable->wake(cell->waker.data);
    return SM_OK;
}

const struct sm_waker_ops floor_waker =
    SLOTMARK_WAKER_OPS(.progress = SM_PROGRESS_WAIT_FREE, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                       .stale = SM_STALE_WAKER_WAKES, .late_clone = SM_LATE_CLONE_WAKES, SLOTMARK_WAKER_TASKS,
                       SLOTMARK_WAKER_CELL, .will_wake = waker_will_wake);
