// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/task.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include "reference/ready.h"
#include "reference/references.h"

#define WOKEN     UINT64_C(1)
#define QUEUED    UINT64_C(2)
#define POLLING   UINT64_C(4)
#define CLONED    UINT64_C(8)
#define DEAD      UINT64_C(16)
#define REFERENCE (UINT64_C(1) << 32) // one, of the handle, of a waker, or of the queue while QUEUED
#define FULL      ((SM_REFERENCES_MAX + UINT64_C(1)) * REFERENCE) // too many

struct sm_task {
    struct sm_ready_node node; // of whoever set QUEUED, then the taker's
    struct sm_ready_queue *queue;
    struct sm_waker lent;
    _Atomic(uint64_t) state; // the bits above, and how many references there are
};

struct sm_ready_queue {
    void (*notify)(void *context);
    void (*end)(void *context); // NULL: nobody is told
    void *context;
    _Atomic(struct sm_ready_node *) pushed; // latest first; &closed once closed
    struct sm_ready_node *taken;            // the taker's: earliest first
    _Atomic(uint64_t) references;           // of the handle, of tasks, and those that are lent
};

_Static_assert(sizeof(struct sm_task) <= 56 && sizeof(struct sm_ready_queue) <= 48, "task.h says so");

// LENT is how many references a queue lends: more than there will ever be promises, since one that comes back on
// another thread than the loop's is not lent again.
#define LENT (UINT64_C(1) << 62)

static struct sm_ready_node closed; // an address

// ------------------------------------------------------------------------------------------------------------------
// References

void sm_ready_queue_release(struct sm_ready_queue *queue) {
    // acq_rel: release, so that who frees comes after this use; acquire, so that it does. As in release.
    if (atomic_fetch_sub_explicit(&queue->references, 1, memory_order_acq_rel) == 1) {
        if (queue->end != NULL) {
            queue->end(queue->context);
        }
        free(queue);
    }
}

void sm_ready_queue_lend(struct sm_ready_queue *queue) {
    atomic_fetch_add_explicit(&queue->references, LENT, memory_order_relaxed); // the caller holds one
}

void sm_ready_queue_settle(struct sm_ready_queue *queue, uint64_t needed) {
    // relaxed: the caller holds one more, and gives that up by a step that releases.
    atomic_fetch_sub_explicit(&queue->references, LENT - needed, memory_order_relaxed);
}

// free_task and what else is seldom done are apart, so that what is called often saves no registers: that is stores,
// which a locked instruction waits for.
__attribute__((noinline)) static void free_task(struct sm_task *task) {
    sm_ready_queue_release(task->queue);
    free(task);
}

static void release(struct sm_task *task) {
    if (atomic_fetch_sub_explicit(&task->state, REFERENCE, memory_order_acq_rel) / REFERENCE == 1) {
        free_task(task);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// The queue

// link_node puts a node on top of the stack. Returns what was the top; &closed: it still is.
static inline struct sm_ready_node *link_node(struct sm_ready_queue *queue, struct sm_ready_node *node) {
    // acquire, here and below: pairs with the release of take_all; what was done before the queue was closed is seen.
    struct sm_ready_node *top = atomic_load_explicit(&queue->pushed, memory_order_acquire);
    do {
        if (top == &closed) {
            break;
        }
        node->next = top;
        // release: pairs with the acquire in take_all, which reads `next`, of this node and, through the
        // read-modify-writes between, of those below.
    } while (
        !atomic_compare_exchange_weak_explicit(&queue->pushed, &top, node, memory_order_release, memory_order_acquire));
    return top;
}

// push_keeping is push where the queue's end is told of, which is not to come before the notice.
__attribute__((noinline)) static int push_keeping(struct sm_ready_queue *queue, struct sm_ready_node *node) {
    atomic_fetch_add_explicit(&queue->references, 1, memory_order_relaxed); // the caller keeps the queue until here
    struct sm_ready_node *top = link_node(queue, node);
    if (top == NULL && queue->notify != NULL) {
        queue->notify(queue->context);
    }
    sm_ready_queue_release(queue);
    return top != &closed;
}

// push puts a node into the queue, which the caller keeps until here. Returns whether it did: not where it is closed.
static inline int push(struct sm_ready_queue *queue, struct sm_ready_node *node) {
    if (queue->end != NULL) {
        return push_keeping(queue, node);
    }
    void (*notify)(void *context) = queue->notify; // once pushed, the node may be taken, and the queue gone
    void *context = queue->context;
    struct sm_ready_node *top = link_node(queue, node);
    if (top == &closed) {
        return 0;
    }
    if (top == NULL && notify != NULL) {
        notify(context);
    }
    return 1;
}

// refuse gives up the queue's reference to a task, where the queue is closed.
__attribute__((cold, noinline)) static void refuse(struct sm_task *task) {
    release(task);
}

// push_task pushes a task, for whoever has set QUEUED and made the reference that goes with it.
static void push_task(struct sm_task *task) {
    if (!push(task->queue, &task->node)) {
        refuse(task);
    }
}

int sm_ready_queue_push(struct sm_ready_queue *queue, struct sm_ready_node *node) {
    return push(queue, node);
}

// take_all takes the stack, leaves `rest` in its place, and returns it turned round. Nothing else is taken.
static inline struct sm_ready_node *take_all(struct sm_ready_queue *queue, struct sm_ready_node *rest) {
    // acquire: pairs with the release of push. release: where that closes the queue, as there.
    struct sm_ready_node *node = atomic_exchange_explicit(&queue->pushed, rest, memory_order_acq_rel), *turned = NULL;
    while (node != NULL) {
        struct sm_ready_node *next = node->next;
        node->next = turned;
        turned = node;
        node = next;
    }
    return turned;
}

static struct sm_task *task_of(struct sm_ready_node *node) {
    return (struct sm_task *)(void *)node;
}

enum sm_status sm_ready_queue_create(void (*notify)(void *context), void *context, struct sm_ready_queue **out_queue) {
    if (out_queue == NULL) {
        return SM_INVALID;
    }
    struct sm_ready_queue *queue = malloc(sizeof *queue);
    if (queue == NULL) {
        return SM_NO_MEMORY;
    }
    queue->notify = notify;
    queue->end = NULL;
    queue->context = context;
    queue->taken = NULL;
    atomic_init(&queue->pushed, NULL); // nobody else knows the queue yet
    atomic_init(&queue->references, 1);
    *out_queue = queue;
    return SM_OK;
}

void sm_ready_queue_at_end(struct sm_ready_queue *queue, void (*end)(void *context)) {
    queue->end = end;
}

void sm_ready_queue_close(struct sm_ready_queue *queue, void (*left)(void *token)) {
    while (queue->taken != NULL || atomic_load_explicit(&queue->pushed, memory_order_relaxed) != &closed) {
        struct sm_ready_node *node = queue->taken;
        if (node == NULL) {
            queue->taken = take_all(queue, &closed);
            continue;
        }
        queue->taken = node->next;
        if (node->is_task) {
            release(task_of(node));
        } else {
            left(node->token);
        }
    }
}

void sm_ready_queue_destroy(struct sm_ready_queue *queue) {
    if (queue != NULL) {
        sm_ready_queue_close(queue, NULL); // tasks alone are pushed by who does not close it before
        sm_ready_queue_release(queue);
    }
}

// passed is a task that was taken and is not ready, with the word that it had.
struct passed {
    struct sm_task *task;
    uint64_t state;
};

// take takes one node out. Returns SM_OK; SM_EMPTY; SM_IDLE, of a task that is not ready.
static inline enum sm_status take(struct sm_ready_queue *queue, void **out_token, struct passed *out_passed) {
    struct sm_ready_node *node = queue->taken;
    if (node == NULL) {
        // relaxed: an empty stack is left alone; a full one is taken by take_all.
        if (atomic_load_explicit(&queue->pushed, memory_order_relaxed) == NULL) {
            return SM_EMPTY;
        }
        node = take_all(queue, NULL);
    }
    struct sm_ready_node *next = node->next; // before the step below: another wake may push the node again then
    void *token = node->token;
    if (node->is_task) {
        struct sm_task *task = task_of(node);
        // The linearization point. acq_rel: acquire pairs with the release of every wake that found WOKEN or set it;
        // release, so that who sets QUEUED next comes after the look at the node above. As in release, too.
        uint64_t state = atomic_fetch_sub_explicit(&task->state, QUEUED + REFERENCE, memory_order_acq_rel);
        queue->taken = next; // not before the step: that would wait for the store
        if ((state & (WOKEN | POLLING | DEAD)) != WOKEN) {
            *out_passed = (struct passed){task, state};
            return SM_IDLE;
        }
    } else {
        queue->taken = next;
    }
    *out_token = token;
    return SM_OK;
}

// take_another is sm_ready_queue_take where a task was not ready.
__attribute__((noinline)) static enum sm_status take_another(struct sm_ready_queue *queue, void **out_token,
                                                             struct passed passed) {
    enum sm_status status;
    do {
        if (passed.state < 2 * REFERENCE) {
            free_task(passed.task);
        }
        status = take(queue, out_token, &passed);
    } while (status == SM_IDLE);
    return status;
}

enum sm_status sm_ready_queue_take(struct sm_ready_queue *queue, void **out_token) {
    if (queue == NULL || out_token == NULL) {
        return SM_INVALID;
    }
    struct passed passed;
    enum sm_status status = take(queue, out_token, &passed);
    return status == SM_IDLE ? take_another(queue, out_token, passed) : status;
}

// ------------------------------------------------------------------------------------------------------------------
// Wakers

// state_queued is a state with QUEUED, and the queue's reference.
static uint64_t state_queued(uint64_t state) {
    return (state | QUEUED) + REFERENCE;
}

// wake_and_release wakes a task and gives `references` up with the same step: REFERENCE, or 0.
static inline void wake_and_release(struct sm_task *task, uint64_t references) {
    uint64_t state = atomic_load_explicit(&task->state, memory_order_relaxed);
    uint64_t next;
    do {
        next = (state | WOKEN) - references;
        if ((state & (QUEUED | POLLING | DEAD)) == 0) {
            next = state_queued(next);
        }
        // acq_rel: release publishes what this thread did to the take or begin that clears WOKEN, also where WOKEN was
        // set already: that is why it is written again. Acquire, so that a push comes after the take before. As in
        // release, too.
    } while (
        !atomic_compare_exchange_weak_explicit(&task->state, &state, next, memory_order_acq_rel, memory_order_relaxed));
    if (((state ^ next) & QUEUED) != 0) {
        push_task(task);
    } else if (next < REFERENCE) {
        free_task(task);
    }
}

static void wake_by_ref(const void *data) {
    wake_and_release((struct sm_task *)(uintptr_t)data, 0);
}

static void wake(void *data) {
    wake_and_release(data, REFERENCE);
}

static void drop(void *data) {
    release(data);
}

static enum sm_status clone(const void *data, struct sm_waker *out_waker);

static const struct sm_waker_vtable waker_vtable = {clone, wake, wake_by_ref, drop};

static enum sm_status clone(const void *data, struct sm_waker *out_waker) {
    struct sm_task *task = (struct sm_task *)(uintptr_t)data;
    // relaxed, and FULL: as in sm_references_add.
    if (atomic_fetch_add_explicit(&task->state, REFERENCE, memory_order_relaxed) + REFERENCE >= FULL) {
        atomic_fetch_sub_explicit(&task->state, REFERENCE, memory_order_relaxed);
        return SM_NO_MEMORY;
    }
    *out_waker = (struct sm_waker){task, &waker_vtable};
    return SM_OK;
}

// The lent waker differs in that its clone is noted. It is neither dropped nor woken for good.
static enum sm_status clone_lent(const void *data, struct sm_waker *out_waker) {
    struct sm_task *task = (struct sm_task *)(uintptr_t)data;
    uint64_t state = atomic_load_explicit(&task->state, memory_order_relaxed);
    do {
        if (state + REFERENCE >= FULL) {
            return SM_NO_MEMORY;
        }
        // relaxed: as in clone; and whoever ends the poll has come after this, by what the caller does to lend the
        // waker to another thread.
    } while (!atomic_compare_exchange_weak_explicit(&task->state, &state, (state | CLONED) + REFERENCE,
                                                    memory_order_relaxed, memory_order_relaxed));
    *out_waker = (struct sm_waker){task, &waker_vtable};
    return SM_OK;
}

static void keep_lent(void *data) {
    (void)data;
}

static void wake_lent(void *data) {
    wake_by_ref(data);
}

static const struct sm_waker_vtable lent_vtable = {clone_lent, wake_lent, wake_by_ref, keep_lent};

// ------------------------------------------------------------------------------------------------------------------
// Tasks

enum sm_status sm_task_create(struct sm_ready_queue *queue, void *token, struct sm_task **out_task) {
    if (queue == NULL || out_task == NULL) {
        return SM_INVALID;
    }
    struct sm_task *task = malloc(sizeof *task);
    if (task == NULL) {
        return SM_NO_MEMORY;
    }
    atomic_fetch_add_explicit(&queue->references, 1, memory_order_relaxed); // the caller holds one
    task->node = (struct sm_ready_node){.token = token, .is_task = 1};
    task->queue = queue;
    task->lent = (struct sm_waker){task, &lent_vtable};
    atomic_init(&task->state, REFERENCE); // nobody else knows the task yet
    *out_task = task;
    return SM_OK;
}

enum sm_status sm_task_destroy(struct sm_task *task) {
    if (task == NULL) {
        return SM_OK;
    }
    // acquire: as below. The last reference needs no exchange: nobody else has one to wake by, or to make another of.
    uint64_t state = atomic_load_explicit(&task->state, memory_order_acquire);
    uint64_t next;
    do {
        if ((state & POLLING) != 0) {
            return SM_BUSY;
        }
        next = (state | DEAD) - REFERENCE;
        // acq_rel: as in release; DEAD publishes nothing.
    } while (next >= REFERENCE && !atomic_compare_exchange_weak_explicit(&task->state, &state, next,
                                                                         memory_order_acq_rel, memory_order_acquire));
    if (next < REFERENCE) {
        free_task(task);
    }
    return SM_OK;
}

enum sm_status sm_task_begin(struct sm_task *task, const struct sm_waker **out_waker) {
    if (task == NULL || out_waker == NULL) {
        return SM_INVALID;
    }
    uint64_t state = atomic_load_explicit(&task->state, memory_order_relaxed);
    do {
        if ((state & POLLING) != 0) {
            return SM_BUSY;
        }
        // acquire: pairs with the release of the wakes whose WOKEN this clears.
    } while (!atomic_compare_exchange_weak_explicit(&task->state, &state, (state | POLLING) & ~(WOKEN | CLONED),
                                                    memory_order_acquire, memory_order_relaxed));
    *out_waker = &task->lent;
    return SM_OK;
}

enum sm_status sm_task_end(struct sm_task *task, enum sm_rearm *out_rearm) {
    if (task == NULL || out_rearm == NULL) {
        return SM_INVALID;
    }
    uint64_t state = atomic_load_explicit(&task->state, memory_order_relaxed);
    uint64_t next;
    do {
        if ((state & POLLING) == 0) {
            return SM_IDLE;
        }
        next = state & ~POLLING;
        if ((state & (WOKEN | QUEUED)) == WOKEN) {
            next = state_queued(next);
        }
        // acq_rel: acquire, so that a push comes after the take before; release, so that the poll comes before the next
        // one, wherever that is.
    } while (
        !atomic_compare_exchange_weak_explicit(&task->state, &state, next, memory_order_acq_rel, memory_order_relaxed));
    *out_rearm = (state & WOKEN) != 0 ? SM_REARM_NOW : (state & CLONED) != 0 ? SM_REARM_ARMED : SM_REARM_NONE;
    if (((state ^ next) & QUEUED) != 0) {
        push_task(task);
    }
    return SM_OK;
}

enum sm_status sm_task_waker(struct sm_task *task, struct sm_waker *out_waker) {
    return task == NULL || out_waker == NULL ? SM_INVALID : clone(task, out_waker);
}

enum sm_status sm_task_wake(struct sm_task *task) {
    if (task == NULL) {
        return SM_INVALID;
    }
    wake_by_ref(task);
    return SM_OK;
}

enum sm_status sm_waker_will_wake(const struct sm_waker *one, const struct sm_waker *other, int *out_same) {
    if (one == NULL || other == NULL || out_same == NULL) {
        return SM_INVALID;
    }
    int of_tasks = (one->vtable == &waker_vtable || one->vtable == &lent_vtable) &&
                   (other->vtable == &waker_vtable || other->vtable == &lent_vtable);
    *out_same = one->data == other->data && (of_tasks || one->vtable == other->vtable);
    return SM_OK;
}
