// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The smallest ready queue, tasks that wakers make ready, and a cell for one waker: a list and a mutex each.
//
//     cc -std=c17 -shared -fPIC -fvisibility=hidden -Iconformance -o libwaker.so conformance/examples/waker.c
#include <pthread.h>
#include <stdlib.h>

#include "slotmark_define.h"

struct sm_ready_queue {
    pthread_mutex_t mutex; // guards what follows, and the tasks
    struct sm_task *first, **last;
    unsigned references; // the host's and each task's
    void (*notify)(void *context);
    void *context;
};

struct sm_task {
    struct sm_ready_queue *queue;
    struct sm_task *next;
    void *token;
    unsigned references; // the host's, each waker's, and the queue's where it is ready
    int alive, ready, polling, woken, cloned;
    struct sm_waker lent;
};

static void release_queue(struct sm_ready_queue *queue) {
    pthread_mutex_lock(&queue->mutex);
    int last = --queue->references == 0;
    pthread_mutex_unlock(&queue->mutex);
    if (last) {
        pthread_mutex_destroy(&queue->mutex);
        free(queue);
    }
}

static void release_task(struct sm_task *task) {
    struct sm_ready_queue *queue = task->queue;
    pthread_mutex_lock(&queue->mutex);
    int last = --task->references == 0;
    pthread_mutex_unlock(&queue->mutex);
    if (last) {
        free(task);
        release_queue(queue);
    }
}

// make_ready appends a task, with the mutex held. Returns whether the queue was empty.
static int make_ready(struct sm_task *task) {
    struct sm_ready_queue *queue = task->queue;
    int was_empty = queue->first == NULL;
    task->ready = 1;
    task->references++;
    task->next = NULL;
    *queue->last = task;
    queue->last = &task->next;
    return was_empty;
}

static void notify(const struct sm_ready_queue *queue, int was_empty) {
    if (was_empty && queue->notify != NULL) {
        queue->notify(queue->context); // foreign code: not with the mutex held
    }
}

static void wake_by_ref(const void *data) {
    struct sm_task *task = (struct sm_task *)(uintptr_t)data;
    int was_empty = 0;
    pthread_mutex_lock(&task->queue->mutex);
    if (task->alive && task->polling) {
        task->woken = 1;
    } else if (task->alive && !task->ready) {
        was_empty = make_ready(task);
    }
    pthread_mutex_unlock(&task->queue->mutex);
    notify(task->queue, was_empty);
}

static void drop(void *data) {
    release_task(data);
}

static void wake(void *data) {
    wake_by_ref(data);
    drop(data);
}

static enum sm_status clone_waker(const void *data, struct sm_waker *out_waker);
static const struct sm_waker_vtable vtable = {clone_waker, wake, wake_by_ref, drop};

static enum sm_status clone_waker(const void *data, struct sm_waker *out_waker) {
    struct sm_task *task = (struct sm_task *)(uintptr_t)data;
    pthread_mutex_lock(&task->queue->mutex);
    task->references++;
    task->cloned = 1;
    pthread_mutex_unlock(&task->queue->mutex);
    *out_waker = (struct sm_waker){task, &vtable};
    return SM_OK;
}

static enum sm_status waker_queue_create(void (*notify_host)(void *context), void *context,
                                         struct sm_ready_queue **out_queue) {
    if (out_queue == NULL) {
        return SM_INVALID;
    }
    struct sm_ready_queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_init(&queue->mutex, NULL);
    queue->last = &queue->first;
    queue->references = 1;
    queue->notify = notify_host;
    queue->context = context;
    *out_queue = queue;
    return SM_OK;
}

static void waker_queue_destroy(struct sm_ready_queue *queue) {
    if (queue != NULL) {
        release_queue(queue);
    }
}

static enum sm_status waker_queue_take(struct sm_ready_queue *queue, void **out_token) {
    if (queue == NULL || out_token == NULL) {
        return SM_INVALID;
    }
    for (;;) {
        pthread_mutex_lock(&queue->mutex);
        struct sm_task *task = queue->first;
        int given = task != NULL && !task->polling; // a poll that is under way answers the wake
        if (task != NULL) {
            queue->first = task->next;
            queue->last = queue->first == NULL ? &queue->first : queue->last;
            task->ready = 0;
        }
        if (given) {
            *out_token = task->token;
        }
        pthread_mutex_unlock(&queue->mutex);
        if (task == NULL) {
            return SM_EMPTY;
        }
        release_task(task);
        if (given) {
            return SM_OK;
        }
    }
}

static enum sm_status waker_task_create(struct sm_ready_queue *queue, void *token, struct sm_task **out_task) {
    if (queue == NULL || out_task == NULL) {
        return SM_INVALID;
    }
    struct sm_task *task = calloc(1, sizeof *task);
    if (task == NULL) {
        return SM_NO_MEMORY;
    }
    *task = (struct sm_task){.queue = queue, .token = token, .references = 1, .alive = 1, .lent = {task, &vtable}};
    pthread_mutex_lock(&queue->mutex);
    queue->references++;
    pthread_mutex_unlock(&queue->mutex);
    *out_task = task;
    return SM_OK;
}

// unlink takes a task that is ready out of its queue, with the mutex held.
static void unlink_task(struct sm_task *task) {
    struct sm_ready_queue *queue = task->queue;
    struct sm_task **link = &queue->first;
    while (*link != task) {
        link = &(*link)->next;
    }
    *link = task->next;
    queue->last = task->next == NULL ? link : queue->last;
    task->ready = 0;
    task->references--;
}

static enum sm_status waker_task_destroy(struct sm_task *task) {
    if (task == NULL) {
        return SM_OK;
    }
    pthread_mutex_lock(&task->queue->mutex);
    int busy = task->polling;
    if (!busy) {
        task->alive = 0;
        if (task->ready) {
            unlink_task(task);
        }
    }
    pthread_mutex_unlock(&task->queue->mutex);
    if (busy) {
        return SM_BUSY;
    }
    release_task(task);
    return SM_OK;
}

static enum sm_status waker_task_begin(struct sm_task *task, const struct sm_waker **out_waker) {
    if (task == NULL || out_waker == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&task->queue->mutex);
    int busy = task->polling;
    if (!busy) {
        task->polling = 1;
        task->woken = task->cloned = 0;
        *out_waker = &task->lent;
    }
    pthread_mutex_unlock(&task->queue->mutex);
    return busy ? SM_BUSY : SM_OK;
}

static enum sm_status waker_task_end(struct sm_task *task, enum sm_rearm *out_rearm) {
    if (task == NULL || out_rearm == NULL) {
        return SM_INVALID;
    }
    int was_empty = 0;
    pthread_mutex_lock(&task->queue->mutex);
    int idle = !task->polling;
    if (!idle) {
        task->polling = 0;
        *out_rearm = task->woken ? SM_REARM_NOW : task->cloned ? SM_REARM_ARMED : SM_REARM_NONE;
        if (task->woken && !task->ready) {
            was_empty = make_ready(task);
        }
    }
    pthread_mutex_unlock(&task->queue->mutex);
    notify(task->queue, was_empty);
    return idle ? SM_IDLE : SM_OK;
}

static enum sm_status waker_will_wake(const struct sm_waker *one, const struct sm_waker *other, int *out_same) {
    if (one == NULL || other == NULL || out_same == NULL) {
        return SM_INVALID;
    }
    *out_same = one->data == other->data && one->vtable == other->vtable;
    return SM_OK;
}

struct sm_waker_cell {
    pthread_mutex_t mutex; // guards what follows
    int full;
    struct sm_waker waker;
};

static enum sm_status waker_cell_create(struct sm_waker_cell **out_cell) {
    if (out_cell == NULL) {
        return SM_INVALID;
    }
    struct sm_waker_cell *cell = calloc(1, sizeof *cell);
    if (cell == NULL) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_init(&cell->mutex, NULL);
    *out_cell = cell;
    return SM_OK;
}

// exchange_waker puts a waker in, or none where `in` is NULL, and writes the one that was there. Returns whether there
// was one.
static int exchange_waker(struct sm_waker_cell *cell, const struct sm_waker *in, struct sm_waker *out_old) {
    pthread_mutex_lock(&cell->mutex);
    int was_full = cell->full;
    *out_old = cell->waker;
    cell->full = in != NULL;
    if (in != NULL) {
        cell->waker = *in;
    }
    pthread_mutex_unlock(&cell->mutex);
    return was_full;
}

static enum sm_status waker_cell_register(struct sm_waker_cell *cell, const struct sm_waker *waker) {
    struct sm_waker clone, old;
    if (cell == NULL || waker == NULL) {
        return SM_INVALID;
    }
    if (waker->vtable->clone(waker->data, &clone) != SM_OK) {
        return SM_NO_MEMORY;
    }
    if (exchange_waker(cell, &clone, &old)) {
        old.vtable->drop(old.data);
    }
    return SM_OK;
}

static enum sm_status waker_cell_wake(struct sm_waker_cell *cell) {
    struct sm_waker waker;
    if (cell == NULL) {
        return SM_INVALID;
    }
    if (!exchange_waker(cell, NULL, &waker)) {
        return SM_EMPTY;
    }
    waker.vtable->wake(waker.data);
    return SM_OK;
}

static void waker_cell_destroy(struct sm_waker_cell *cell) {
    struct sm_waker old;
    if (cell != NULL) {
        if (exchange_waker(cell, NULL, &old)) {
            old.vtable->drop(old.data);
        }
        pthread_mutex_destroy(&cell->mutex);
        free(cell);
    }
}

SLOTMARK_WAKER(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_NEVER, .stale = SM_STALE_WAKER_WAKES,
               .late_clone = SM_LATE_CLONE_WAKES, SLOTMARK_WAKER_TASKS, SLOTMARK_WAKER_CELL,
               .will_wake = waker_will_wake);
SLOTMARK_IMPLEMENTATION("example waker", "1.0", .waker = &slotmark_waker);
