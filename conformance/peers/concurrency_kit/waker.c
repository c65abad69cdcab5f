// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A ready queue is a stack (ck_stack) that wakers push tasks onto, and that whoever takes empties at once, into a list
// with the oldest first. A task's state is one word, by which one wake of many pushes it.
#include <ck_pr.h>
#include <ck_stack.h>
#include <limits.h>
#include <stdlib.h>

#include "conformance/peers/concurrency_kit/concurrency_kit.h"
#include "conformance/slotmark_define.h"

struct sm_ready_queue {
    ck_stack_t woken;
    ck_stack_entry_t *taken; // out of the stack already
    unsigned references;     // the host's, and each task's
    unsigned is_looked;      // queue_take says SM_EMPTY, and nobody has notified since
    unsigned is_closed;      // nobody takes any more
    void (*notify)(void *context);
    void *context;
};

enum {
    READY = 1,   // in its queue, or about to be
    POLLING = 2, // between task_begin and task_end
    WOKEN = 4,   // meanwhile
    CLONED = 8,  // meanwhile: the waker that is lent
    GONE = 16
};

struct sm_task {
    ck_stack_entry_t entry; // in its queue
    struct sm_ready_queue *queue;
    void *token;
    unsigned references; // the host's, each waker's, and the queue's where it is ready
    unsigned state;
    struct sm_waker lent;
};
CK_STACK_CONTAINER(struct sm_task, entry, task_of)

// give_up gives up one of several references. Returns whether it was the last.
static int give_up(unsigned *references) {
    ck_pr_fence_release();
    int is_last = ck_pr_faa_uint(references, UINT_MAX) == 1;
    ck_pr_fence_acquire();
    return is_last;
}

static void release_queue(struct sm_ready_queue *queue) {
    if (give_up(&queue->references)) {
        free(queue);
    }
}

static void release(struct sm_task *task) {
    if (give_up(&task->references)) {
        release_queue(task->queue);
        free(task);
    }
}

// drain gives up what is in a queue that nobody takes from any more.
static void drain(ck_stack_entry_t *entry) {
    while (entry != NULL) {
        struct sm_task *task = task_of(entry);
        entry = entry->next;
        release(task);
    }
}

// push puts a task into its queue, whose taker or closer sees it there, or is seen.
static void push(struct sm_task *task) {
    struct sm_ready_queue *queue = task->queue;
    ck_pr_inc_uint(&task->references);
    ck_stack_push_upmc(&queue->woken, &task->entry);
    ck_pr_fence_atomic_load();
    if (ck_pr_load_uint(&queue->is_closed)) {
        drain(ck_stack_batch_pop_upmc(&queue->woken));
    } else if (queue->notify != NULL && ck_pr_load_uint(&queue->is_looked) && ck_pr_fas_uint(&queue->is_looked, 0)) {
        queue->notify(queue->context);
    }
}

// change sets a task's state, if it was still `*state`, or reads what it is. Returns whether it set it. A wake changes
// a state to itself, too: what was done before it is seen by who changes it next.
static int change(struct sm_task *task, unsigned *state, unsigned next) {
    ck_pr_fence_release();
    int is_set = ck_pr_cas_uint_value(&task->state, *state, next, state);
    ck_pr_fence_acquire();
    return is_set;
}

static void wake_by_ref(const void *data) {
    struct sm_task *task = (struct sm_task *)(uintptr_t)data;
    unsigned next, state = ck_pr_load_uint(&task->state);
    do {
        next = state | ((state & GONE) != 0 ? 0 : (state & POLLING) != 0 ? WOKEN : READY);
    } while (!change(task, &state, next));
    if ((next & ~state & READY) != 0) {
        push(task);
    }
}

static void drop(void *data) {
    release(data);
}

static void wake(void *data) {
    wake_by_ref(data);
    release(data);
}

static enum sm_status clone(const void *data, struct sm_waker *out_waker);
static const struct sm_waker_vtable vtable = {clone, wake, wake_by_ref, drop};

static enum sm_status clone(const void *data, struct sm_waker *out_waker) {
    struct sm_task *task = (struct sm_task *)(uintptr_t)data;
    ck_pr_inc_uint(&task->references);
    *out_waker = (struct sm_waker){task, &vtable};
    return SM_OK;
}

// What is lent is neither dropped nor woken for good.
static enum sm_status clone_lent(const void *data, struct sm_waker *out_waker) {
    ck_pr_or_uint(&((struct sm_task *)(uintptr_t)data)->state, CLONED);
    return clone(data, out_waker);
}
static const struct sm_waker_vtable lent_vtable = {clone_lent, wake, wake_by_ref, drop};

static enum sm_status waker_queue_create(void (*notify)(void *context), void *context,
                                         struct sm_ready_queue **out_queue) {
    if (out_queue == NULL) {
        return SM_INVALID;
    }
    struct sm_ready_queue *queue = malloc(sizeof *queue);
    if (queue == NULL) {
        return SM_NO_MEMORY;
    }
    *queue = (struct sm_ready_queue){.references = 1, .is_looked = 1, .notify = notify, .context = context};
    ck_stack_init(&queue->woken);
    *out_queue = queue;
    return SM_OK;
}

static void waker_queue_destroy(struct sm_ready_queue *queue) {
    if (queue == NULL) {
        return;
    }
    ck_pr_store_uint(&queue->is_closed, 1);
    ck_pr_fence_memory();
    drain(queue->taken);
    drain(ck_stack_batch_pop_upmc(&queue->woken));
    release_queue(queue);
}

// take_all turns what is in the stack over into the list. Returns whether anything is there.
static int take_all(struct sm_ready_queue *queue) {
    ck_stack_entry_t *entry = ck_stack_batch_pop_upmc(&queue->woken);
    while (entry != NULL) {
        ck_stack_entry_t *older = entry->next;
        entry->next = queue->taken;
        queue->taken = entry;
        entry = older;
    }
    return queue->taken != NULL;
}

static enum sm_status waker_queue_take(struct sm_ready_queue *queue, void **out_token) {
    if (queue == NULL || out_token == NULL) {
        return SM_INVALID;
    }
    for (;;) {
        if (queue->taken == NULL && !take_all(queue)) {
            ck_pr_store_uint(&queue->is_looked, 1);
            ck_pr_fence_memory();
            if (!take_all(queue)) {
                return SM_EMPTY;
            }
            ck_pr_store_uint(&queue->is_looked, 0);
        }
        struct sm_task *task = task_of(queue->taken);
        queue->taken = queue->taken->next;
        unsigned state = ck_pr_load_uint(&task->state);
        while (!change(task, &state, state & ~(unsigned)READY)) {
        }
        int is_given = (state & (GONE | POLLING)) == 0; // a poll that is under way answers the wake
        if (is_given) {
            *out_token = task->token;
        }
        release(task);
        if (is_given) {
            return SM_OK;
        }
    }
}

static enum sm_status waker_task_create(struct sm_ready_queue *queue, void *token, struct sm_task **out_task) {
    if (queue == NULL || out_task == NULL) {
        return SM_INVALID;
    }
    struct sm_task *task = malloc(sizeof *task);
    if (task == NULL) {
        return SM_NO_MEMORY;
    }
    *task = (struct sm_task){.queue = queue, .token = token, .references = 1, .lent = {task, &lent_vtable}};
    ck_pr_inc_uint(&queue->references);
    *out_task = task;
    return SM_OK;
}

static enum sm_status waker_task_destroy(struct sm_task *task) {
    if (task == NULL) {
        return SM_OK;
    }
    unsigned state = ck_pr_load_uint(&task->state);
    do {
        if ((state & POLLING) != 0) {
            return SM_BUSY;
        }
    } while (!change(task, &state, state | GONE));
    release(task);
    return SM_OK;
}

static enum sm_status waker_task_begin(struct sm_task *task, const struct sm_waker **out_waker) {
    if (task == NULL || out_waker == NULL) {
        return SM_INVALID;
    }
    unsigned state = ck_pr_load_uint(&task->state);
    do {
        if ((state & POLLING) != 0) {
            return SM_BUSY;
        }
    } while (!change(task, &state, state | POLLING));
    *out_waker = &task->lent;
    return SM_OK;
}

static enum sm_status waker_task_end(struct sm_task *task, enum sm_rearm *out_rearm) {
    if (task == NULL || out_rearm == NULL) {
        return SM_INVALID;
    }
    unsigned next, state = ck_pr_load_uint(&task->state);
    do {
        if ((state & POLLING) == 0) {
            return SM_IDLE;
        }
        next = (state & READY) | ((state & WOKEN) != 0 ? READY : 0);
    } while (!change(task, &state, next));
    *out_rearm = (state & WOKEN) != 0 ? SM_REARM_NOW : (state & CLONED) != 0 ? SM_REARM_ARMED : SM_REARM_NONE;
    if ((next & ~state & READY) != 0) {
        push(task);
    }
    return SM_OK;
}

static int is_own(const struct sm_waker *waker) {
    return waker->vtable == &vtable || waker->vtable == &lent_vtable;
}

static enum sm_status waker_will_wake(const struct sm_waker *one, const struct sm_waker *other, int *out_same) {
    if (one == NULL || other == NULL || out_same == NULL) {
        return SM_INVALID;
    }
    *out_same = one->data == other->data && (one->vtable == other->vtable || (is_own(one) && is_own(other)));
    return SM_OK;
}

const struct sm_waker_ops concurrency_kit_waker =
    SLOTMARK_WAKER_OPS(.progress = SM_PROGRESS_LOCK_FREE, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                       .stale = SM_STALE_WAKER_WAKES, .late_clone = SM_LATE_CLONE_WAKES, SLOTMARK_WAKER_TASKS,
                       .will_wake = waker_will_wake);
