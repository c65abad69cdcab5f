// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A ready queue is a ring with room for every task of its, and a clone of a waker a letter that names the poll it was
// cloned in: it wakes while that poll is the task's last. The queue's mutex guards its tasks.
#include <pthread.h>
#include <stdlib.h>

#include "conformance/peers/mutex/mutex.h"
#include "conformance/slotmark_define.h"

struct sm_ready_queue {
    pthread_mutex_t lock;
    struct sm_task **ring;
    size_t room, first, count, tasks;
    unsigned references; // the host's, and one a task
    int looked;          // queue_take has said SM_EMPTY since the last notice
    void (*notify)(void *context);
    void *context;
};

struct sm_task {
    struct sm_ready_queue *queue;
    void *token;
    unsigned references; // the host's, and one a letter
    unsigned long poll;  // the number of the last poll, from 1
    int alive, ready, polling, woken, cloned;
    struct sm_waker lent;
};

struct letter {
    struct sm_task *task;
    unsigned long poll; // 0: wakes nothing
};

// release gives up a reference to a task, and with the last one the task's to its queue.
static void release(struct sm_task *task) {
    struct sm_ready_queue *queue = task->queue;
    pthread_mutex_lock(&queue->lock);
    int task_goes = --task->references == 0;
    int queue_goes = task_goes && --queue->references == 0;
    pthread_mutex_unlock(&queue->lock);
    if (task_goes) {
        free(task);
    }
    if (queue_goes) {
        pthread_mutex_destroy(&queue->lock);
        free(queue->ring);
        free(queue);
    }
}

// push makes a task ready, with the lock held. Returns whether the host is to be told.
static int push(struct sm_task *task) {
    struct sm_ready_queue *queue = task->queue;
    task->ready = 1;
    queue->ring[(queue->first + queue->count++) % queue->room] = task;
    int tell = queue->looked && queue->notify != NULL;
    queue->looked = 0;
    return tell;
}

// wake_poll wakes a task by a waker of one of its polls.
static void wake_poll(struct sm_task *task, unsigned long poll) {
    struct sm_ready_queue *queue = task->queue;
    pthread_mutex_lock(&queue->lock);
    int tell = 0;
    if (task->alive && task->poll == poll) {
        if (task->polling) {
            task->woken = 1;
        } else if (!task->ready) {
            tell = push(task);
        }
    }
    pthread_mutex_unlock(&queue->lock);
    if (tell) {
        queue->notify(queue->context);
    }
}

static const struct sm_waker_vtable letter_vtable;

static enum sm_status write_letter(struct sm_task *task, unsigned long poll, struct sm_waker *out_waker) {
    struct letter *letter = malloc(sizeof *letter);
    if (letter == NULL) {
        return SM_NO_MEMORY;
    }
    *letter = (struct letter){task, poll};
    pthread_mutex_lock(&task->queue->lock);
    task->references++;
    pthread_mutex_unlock(&task->queue->lock);
    *out_waker = (struct sm_waker){letter, &letter_vtable};
    return SM_OK;
}

static enum sm_status letter_clone(const void *data, struct sm_waker *out_waker) {
    const struct letter *letter = data;
    return write_letter(letter->task, letter->poll, out_waker);
}

static void letter_wake_by_ref(const void *data) {
    const struct letter *letter = data;
    wake_poll(letter->task, letter->poll);
}

static void letter_drop(void *data) {
    struct letter *letter = data;
    release(letter->task);
    free(letter);
}

static void letter_wake(void *data) {
    letter_wake_by_ref(data);
    letter_drop(data);
}

static const struct sm_waker_vtable letter_vtable = {letter_clone, letter_wake, letter_wake_by_ref, letter_drop};

// The waker that is lent is the task itself: it lives as long as its poll.
static enum sm_status lent_clone(const void *data, struct sm_waker *out_waker) {
    struct sm_task *task = (struct sm_task *)(uintptr_t)data;
    pthread_mutex_lock(&task->queue->lock);
    unsigned long poll = task->woken ? 0 : task->poll;
    task->cloned |= poll != 0;
    pthread_mutex_unlock(&task->queue->lock);
    return write_letter(task, poll, out_waker);
}

static void lent_wake_by_ref(const void *data) {
    struct sm_task *task = (struct sm_task *)(uintptr_t)data;
    wake_poll(task, task->poll);
}

static void lent_drop(void *data) {
    (void)data; // what is lent is not dropped
}

static void lent_wake(void *data) {
    lent_wake_by_ref(data);
}

static const struct sm_waker_vtable lent_vtable = {lent_clone, lent_wake, lent_wake_by_ref, lent_drop};

static enum sm_status waker_queue_create(void (*notify)(void *context), void *context,
                                         struct sm_ready_queue **out_queue) {
    if (out_queue == NULL) {
        return SM_INVALID;
    }
    struct sm_ready_queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_init(&queue->lock, NULL);
    queue->references = 1;
    queue->notify = notify;
    queue->context = context;
    *out_queue = queue;
    return SM_OK;
}

static void waker_queue_destroy(struct sm_ready_queue *queue) {
    if (queue == NULL) {
        return;
    }
    pthread_mutex_lock(&queue->lock);
    int goes = --queue->references == 0;
    pthread_mutex_unlock(&queue->lock);
    if (goes) {
        pthread_mutex_destroy(&queue->lock);
        free(queue->ring);
        free(queue);
    }
}

static enum sm_status waker_queue_take(struct sm_ready_queue *queue, void **out_token) {
    if (queue == NULL || out_token == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&queue->lock);
    enum sm_status status = queue->count == 0 ? SM_EMPTY : SM_OK;
    if (status == SM_OK) {
        struct sm_task *task = queue->ring[queue->first];
        queue->first = (queue->first + 1) % queue->room;
        queue->count--;
        task->ready = 0;
        *out_token = task->token;
    } else {
        queue->looked = 1;
    }
    pthread_mutex_unlock(&queue->lock);
    return status;
}

// make_room makes the ring large enough for one more task, with the lock held. A wake needs no memory then.
static int make_room(struct sm_ready_queue *queue) {
    if (queue->tasks < queue->room) {
        return 1;
    }
    size_t room = queue->room == 0 ? 4 : 2 * queue->room;
    struct sm_task **ring = calloc(room, sizeof *ring);
    if (ring == NULL) {
        return 0;
    }
    for (size_t i = 0; i < queue->count; i++) {
        ring[i] = queue->ring[(queue->first + i) % queue->room];
    }
    free(queue->ring);
    queue->ring = ring;
    queue->room = room;
    queue->first = 0;
    return 1;
}

static enum sm_status waker_task_create(struct sm_ready_queue *queue, void *token, struct sm_task **out_task) {
    if (queue == NULL || out_task == NULL) {
        return SM_INVALID;
    }
    struct sm_task *task = calloc(1, sizeof *task);
    if (task == NULL) {
        return SM_NO_MEMORY;
    }
    *task = (struct sm_task){.queue = queue, .token = token, .references = 1, .alive = 1, .lent = {task, &lent_vtable}};
    pthread_mutex_lock(&queue->lock);
    int fits = make_room(queue);
    queue->tasks += fits ? 1 : 0;
    queue->references += fits ? 1 : 0;
    pthread_mutex_unlock(&queue->lock);
    if (!fits) {
        free(task);
        return SM_NO_MEMORY;
    }
    *out_task = task;
    return SM_OK;
}

// withdraw takes a task that is ready out of the ring, with the lock held.
static void withdraw(struct sm_task *task) {
    struct sm_ready_queue *queue = task->queue;
    size_t kept = 0;
    for (size_t i = 0; i < queue->count; i++) {
        struct sm_task *next = queue->ring[(queue->first + i) % queue->room];
        if (next != task) {
            queue->ring[(queue->first + kept++) % queue->room] = next;
        }
    }
    queue->count = kept;
    task->ready = 0;
}

static enum sm_status waker_task_destroy(struct sm_task *task) {
    if (task == NULL) {
        return SM_OK;
    }
    pthread_mutex_lock(&task->queue->lock);
    int busy = task->polling;
    if (!busy) {
        withdraw(task);
        task->alive = 0;
        task->queue->tasks--;
    }
    pthread_mutex_unlock(&task->queue->lock);
    if (busy) {
        return SM_BUSY;
    }
    release(task);
    return SM_OK;
}

static enum sm_status waker_task_begin(struct sm_task *task, const struct sm_waker **out_waker) {
    if (task == NULL || out_waker == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&task->queue->lock);
    int busy = task->polling;
    if (!busy) {
        withdraw(task); // the poll answers what woke it before
        task->polling = 1;
        task->poll++;
        task->woken = task->cloned = 0;
        *out_waker = &task->lent;
    }
    pthread_mutex_unlock(&task->queue->lock);
    return busy ? SM_BUSY : SM_OK;
}

static enum sm_status waker_task_end(struct sm_task *task, enum sm_rearm *out_rearm) {
    if (task == NULL || out_rearm == NULL) {
        return SM_INVALID;
    }
    struct sm_ready_queue *queue = task->queue;
    pthread_mutex_lock(&queue->lock);
    enum sm_status status = task->polling ? SM_OK : SM_IDLE;
    int tell = 0;
    if (status == SM_OK) {
        task->polling = 0;
        *out_rearm = task->woken ? SM_REARM_NOW : task->cloned ? SM_REARM_ARMED : SM_REARM_NONE;
        tell = task->woken && !task->ready && push(task);
        task->woken = 0;
    }
    pthread_mutex_unlock(&queue->lock);
    if (tell) {
        queue->notify(queue->context);
    }
    return status;
}

// waker_will_wake knows what a letter says; another's wakers are equal where their words are.
static enum sm_status waker_will_wake(const struct sm_waker *one, const struct sm_waker *other, int *out_same) {
    if (one == NULL || other == NULL || out_same == NULL) {
        return SM_INVALID;
    }
    *out_same = one->vtable == other->vtable && one->data == other->data;
    if (!*out_same && one->vtable == &letter_vtable && other->vtable == &letter_vtable) {
        const struct letter *left = one->data, *right = other->data;
        *out_same = left->poll != 0 && left->poll == right->poll && left->task == right->task;
    }
    return SM_OK;
}

struct sm_waker_cell {
    pthread_mutex_t lock;
    struct sm_waker waker; // vtable NULL: none
};

static enum sm_status waker_cell_create(struct sm_waker_cell **out_cell) {
    if (out_cell == NULL) {
        return SM_INVALID;
    }
    struct sm_waker_cell *cell = calloc(1, sizeof *cell);
    if (cell == NULL) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_init(&cell->lock, NULL);
    *out_cell = cell;
    return SM_OK;
}

// swap puts a waker into the cell and returns the one that was there.
static struct sm_waker swap(struct sm_waker_cell *cell, struct sm_waker waker) {
    pthread_mutex_lock(&cell->lock);
    struct sm_waker old = cell->waker;
    cell->waker = waker;
    pthread_mutex_unlock(&cell->lock);
    return old;
}

static enum sm_status waker_cell_register(struct sm_waker_cell *cell, const struct sm_waker *waker) {
    if (cell == NULL || waker == NULL || waker->vtable == NULL) {
        return SM_INVALID;
    }
    struct sm_waker clone;
    if (waker->vtable->clone(waker->data, &clone) != SM_OK) {
        return SM_NO_MEMORY;
    }
    struct sm_waker old = swap(cell, clone);
    if (old.vtable != NULL) {
        old.vtable->drop(old.data);
    }
    return SM_OK;
}

static enum sm_status waker_cell_wake(struct sm_waker_cell *cell) {
    if (cell == NULL) {
        return SM_INVALID;
    }
    struct sm_waker waker = swap(cell, (struct sm_waker){0});
    if (waker.vtable == NULL) {
        return SM_EMPTY;
    }
    waker.vtable->wake(waker.data);
    return SM_OK;
}

static void waker_cell_destroy(struct sm_waker_cell *cell) {
    if (cell != NULL) {
        struct sm_waker waker = swap(cell, (struct sm_waker){0});
        if (waker.vtable != NULL) {
            waker.vtable->drop(waker.data);
        }
        pthread_mutex_destroy(&cell->lock);
        free(cell);
    }
}

const struct sm_waker_ops mutex_waker =
    SLOTMARK_WAKER_OPS(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_REPORTED,
                       .stale = SM_STALE_WAKER_IGNORED, .late_clone = SM_LATE_CLONE_INERT, SLOTMARK_WAKER_TASKS,
                       SLOTMARK_WAKER_CELL, .will_wake = waker_will_wake);
