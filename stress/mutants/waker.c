// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A lock-free ready queue with its tasks, and a cell of a boxed waker, whose memory orders and steps are constants, to
// be built with one of them wrong; as it stands it is correct. waker.def says which builds there are, and who must find
// each out.
#include <stdatomic.h>
#include <stdlib.h>

#include "conformance/slotmark_define.h"

// The orders, by operation.
#ifndef WAKE_ORDER
#define WAKE_ORDER memory_order_acq_rel
#endif
#ifndef TAKE_ORDER
#define TAKE_ORDER memory_order_acq_rel
#endif
#ifndef BEGIN_ORDER
#define BEGIN_ORDER memory_order_acq_rel
#endif
#ifndef END_ORDER
#define END_ORDER memory_order_acq_rel
#endif
#ifndef DESTROY_ORDER
#define DESTROY_ORDER memory_order_relaxed
#endif
#ifndef NOTE_ORDER
#define NOTE_ORDER memory_order_relaxed // a lent waker notes that it was cloned
#endif
#ifndef PUSH_ORDER
#define PUSH_ORDER memory_order_acq_rel // a task goes on the stack
#endif
#ifndef DRAIN_ORDER
#define DRAIN_ORDER memory_order_acq_rel // the taker empties it
#endif
#ifndef CLONE_ORDER
#define CLONE_ORDER memory_order_relaxed
#endif
#ifndef DROP_ORDER
#define DROP_ORDER memory_order_acq_rel
#endif
#ifndef REGISTER_ORDER
#define REGISTER_ORDER memory_order_acq_rel
#endif
#ifndef CELL_WAKE_ORDER
#define CELL_WAKE_ORDER memory_order_acq_rel
#endif

// The steps: how a word is changed.
#define WHOLE 0 // in one step
#define SPLIT 1 // by a load and a store: two threads see the same word
#define ONCE  2 // by a compare-exchange that is not tried again: who loses gives up
#ifndef WAKE_STEPS
#define WAKE_STEPS WHOLE
#endif
#ifndef TAKE_STEPS
#define TAKE_STEPS WHOLE
#endif
#ifndef BEGIN_STEPS
#define BEGIN_STEPS WHOLE
#endif
#ifndef END_STEPS
#define END_STEPS WHOLE
#endif
#ifndef NOTE_STEPS
#define NOTE_STEPS WHOLE
#endif
#ifndef PUSH_STEPS
#define PUSH_STEPS WHOLE
#endif
#ifndef DRAIN_STEPS
#define DRAIN_STEPS WHOLE
#endif
#ifndef CLONE_STEPS
#define CLONE_STEPS WHOLE
#endif
#ifndef DROP_STEPS
#define DROP_STEPS WHOLE
#endif
#ifndef REGISTER_STEPS
#define REGISTER_STEPS WHOLE
#endif
#ifndef CELL_WAKE_STEPS
#define CELL_WAKE_STEPS WHOLE
#endif

// The sequence: what is done before what.
#ifndef DROP_LOADS
#define DROP_LOADS 0 // the last holder acquires by a load
#endif
#ifndef WAKE_ADDS
#define WAKE_ADDS 0 // a wake in a poll adds its bit, where it has seen it unset
#endif
#ifndef WAKE_SKIPS
#define WAKE_SKIPS 0 // a task that is woken already is not written
#endif
#ifndef WAKES_LATE
#define WAKES_LATE 0 // a waker is used up, then wakes
#endif
#ifndef TAKES_FROM_POLL
#define TAKES_FROM_POLL 0 // a take uses the wake up that came in a poll under way
#endif
#ifndef CLEARS_EARLY
#define CLEARS_EARLY 0 // a task may be pushed again before the one after it is looked up
#endif
#ifndef END_LOOKS
#define END_LOOKS 0 // the end looks whether the task was woken, then ends the poll
#endif
#ifndef LINKS_LATE
#define LINKS_LATE 0 // a task is published before the one below it is known
#endif
#ifndef RETAINS_LATE
#define RETAINS_LATE 0 // the queue's reference is counted when the task is in the queue
#endif
#ifndef NOTIFIES_EARLY
#define NOTIFIES_EARLY 0 // the host is notified before the task is in the queue
#endif
#ifndef NOTIFIES_EACH
#define NOTIFIES_EACH 0 // correct: each task that becomes ready is announced, also to a loop that has others
#endif
#ifndef NOTIFIES_BY_FIRST_LOOK
#define NOTIFIES_BY_FIRST_LOOK 0 // whether the queue was empty is not asked again when the push is tried again
#endif
#ifndef CELL_FILLS_LATE
#define CELL_FILLS_LATE 0 // the box is published before the clone is in it
#endif
#ifndef CELL_WAKE_LOOKS
#define CELL_WAKE_LOOKS 0 // an empty cell is left alone
#endif
#ifndef CELL_WAKES_IN_PLACE
#define CELL_WAKES_IN_PLACE 0 // the waker is woken where it is, then taken out
#endif
#ifndef CELL_COMPARES
#define CELL_COMPARES 0 // a registration looks into the box that is there
#endif

// The state of a task, as bits.
#define WOKEN   1u  // a wake came that no poll has begun after
#define QUEUED  2u  // it is in the queue, or its waker is about to push it
#define POLLING 4u  // a wake is left to the end of the poll
#define CLONED  8u  // so was the waker that is lent
#define DEAD    16u // it is queued no more

struct sm_task {
    struct sm_ready_queue *queue;
    void *token;
    struct sm_task *next;
    struct sm_waker lent;
    atomic_uint state;
    atomic_uint references; // of the host, of wakers, and of the queue
};

struct sm_ready_queue {
    void (*notify)(void *context);
    void *context;
    _Atomic(struct sm_task *) pushed; // latest first
    struct sm_task *taken;            // the taker's, earliest first
};

// change moves a task to the next state. Returns the state before.
static inline unsigned change(struct sm_task *task, unsigned (*next)(unsigned state), memory_order order, int steps) {
    unsigned state = atomic_load_explicit(&task->state, steps == SPLIT ? memory_order_acquire : memory_order_relaxed);
    if (steps == SPLIT) {
        atomic_store_explicit(&task->state, next(state), memory_order_release);
        return state;
    }
    while (!atomic_compare_exchange_weak_explicit(&task->state, &state, next(state), order, memory_order_relaxed) &&
           steps != ONCE) {
    }
    return state;
}

// count adds to the references. Returns how many there were.
static inline unsigned count(struct sm_task *task, unsigned add, memory_order order, int steps) {
    if (steps == WHOLE) {
        return atomic_fetch_add_explicit(&task->references, add, order);
    }
    unsigned before = atomic_load_explicit(&task->references, memory_order_acquire);
    atomic_store_explicit(&task->references, before + add, memory_order_release);
    return before;
}

static void retain(struct sm_task *task) {
    count(task, 1, CLONE_ORDER, CLONE_STEPS);
}

static void release(struct sm_task *task) {
    if (count(task, -1u, DROP_ORDER, DROP_STEPS) == 1) {
        if (DROP_LOADS) {
            atomic_load_explicit(&task->references, memory_order_acquire);
        }
        free(task);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// The queue

static void notify(const struct sm_ready_queue *queue) {
    if (queue->notify != NULL) {
        queue->notify(queue->context);
    }
}

static inline int try_push(struct sm_ready_queue *queue, struct sm_task **top, struct sm_task *task) {
    if (PUSH_STEPS == SPLIT) {
        atomic_store_explicit(&queue->pushed, task, memory_order_release);
        return 1;
    }
    return atomic_compare_exchange_weak_explicit(&queue->pushed, top, task, PUSH_ORDER, memory_order_relaxed);
}

static void push(struct sm_task *task) {
    struct sm_ready_queue *queue = task->queue;
    struct sm_task *top = atomic_load_explicit(&queue->pushed, memory_order_relaxed);
    int was_empty = top == NULL;
    if (!RETAINS_LATE) {
        retain(task);
    }
    if (NOTIFIES_EARLY && was_empty) {
        notify(queue);
    }
    do {
        if (!LINKS_LATE) {
            task->next = top;
        }
    } while (!try_push(queue, &top, task));
    if (LINKS_LATE) {
        task->next = top;
    }
    if (RETAINS_LATE) {
        retain(task);
    }
    if (!NOTIFIES_EARLY && (NOTIFIES_EACH || (NOTIFIES_BY_FIRST_LOOK ? was_empty : top == NULL))) {
        notify(queue);
    }
}

static void drain(struct sm_ready_queue *queue) {
    struct sm_task *task;
    if (DRAIN_STEPS == SPLIT) {
        task = atomic_load_explicit(&queue->pushed, memory_order_acquire);
        atomic_store_explicit(&queue->pushed, NULL, memory_order_release);
    } else {
        task = atomic_exchange_explicit(&queue->pushed, NULL, DRAIN_ORDER);
    }
    while (task != NULL) {
        struct sm_task *next = task->next;
        task->next = queue->taken;
        queue->taken = task;
        task = next;
    }
}

static enum sm_status waker_queue_create(void (*notify_host)(void *context), void *context,
                                         struct sm_ready_queue **out_queue) {
    struct sm_ready_queue *queue = malloc(sizeof *queue);
    if (queue == NULL) {
        return SM_NO_MEMORY;
    }
    queue->notify = notify_host;
    queue->context = context;
    queue->taken = NULL;
    atomic_init(&queue->pushed, NULL);
    *out_queue = queue;
    return SM_OK;
}

// first_taken returns the task that has been ready longest; NULL for none.
static struct sm_task *first_taken(struct sm_ready_queue *queue) {
    if (queue->taken == NULL) {
        drain(queue);
    }
    return queue->taken;
}

static void waker_queue_destroy(struct sm_ready_queue *queue) {
    for (struct sm_task *task = first_taken(queue); task != NULL; task = first_taken(queue)) {
        queue->taken = task->next;
        release(task);
    }
    free(queue);
}

// A task that is polled keeps its wake: the end of the poll queues it again.
static unsigned when_taken(unsigned state) {
    return state & ~((state & POLLING) != 0 && !TAKES_FROM_POLL ? QUEUED : QUEUED | WOKEN);
}

static enum sm_status waker_queue_take(struct sm_ready_queue *queue, void **out_token) {
    for (;;) {
        struct sm_task *task = first_taken(queue);
        if (task == NULL) {
            return SM_EMPTY;
        }
        unsigned state = CLEARS_EARLY ? change(task, when_taken, TAKE_ORDER, TAKE_STEPS) : 0;
        queue->taken = task->next;
        if (!CLEARS_EARLY) {
            state = change(task, when_taken, TAKE_ORDER, TAKE_STEPS);
        }
        void *token = task->token;
        release(task);
        if ((state & (WOKEN | DEAD)) == WOKEN && (TAKES_FROM_POLL || (state & POLLING) == 0)) {
            *out_token = token;
            return SM_OK;
        }
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Wakers

static unsigned when_woken(unsigned state) {
    return state | WOKEN | ((state & (QUEUED | POLLING | DEAD)) == 0 ? QUEUED : 0);
}

static void wake_by_ref(const void *data) {
    struct sm_task *task = (struct sm_task *)(uintptr_t)data;
    if (WAKE_SKIPS && (atomic_load_explicit(&task->state, memory_order_acquire) & WOKEN) != 0) {
        return;
    }
    unsigned seen = WAKE_ADDS ? atomic_load_explicit(&task->state, memory_order_acquire) : 0;
    if ((seen & (POLLING | WOKEN)) == POLLING) {
        atomic_fetch_add_explicit(&task->state, WOKEN, memory_order_acq_rel);
        return;
    }
    unsigned state = change(task, when_woken, WAKE_ORDER, WAKE_STEPS);
    if ((state & (QUEUED | POLLING | DEAD)) == 0) {
        push(task);
    }
}

static void drop(void *data) {
    release(data);
}

static void wake(void *data) {
    if (WAKES_LATE) {
        struct sm_task *volatile used = data; // volatile, since a compiler that sees through it refuses
        release(data);
        wake_by_ref(used);
        return;
    }
    wake_by_ref(data);
    release(data);
}

static enum sm_status clone(const void *data, struct sm_waker *out_waker);

static const struct sm_waker_vtable cloned = {clone, wake, wake_by_ref, drop};

static enum sm_status clone(const void *data, struct sm_waker *out_waker) {
    struct sm_task *task = (struct sm_task *)(uintptr_t)data;
    retain(task);
    *out_waker = (struct sm_waker){task, &cloned};
    return SM_OK;
}

static unsigned when_cloned(unsigned state) {
    return state | CLONED;
}

static enum sm_status clone_lent(const void *data, struct sm_waker *out_waker) {
    change((struct sm_task *)(uintptr_t)data, when_cloned, NOTE_ORDER, NOTE_STEPS);
    return clone(data, out_waker);
}

static void keep(void *data) {
    (void)data;
}

static const struct sm_waker_vtable lent = {clone_lent, keep, wake_by_ref, keep};

// ------------------------------------------------------------------------------------------------------------------
// Tasks

static enum sm_status waker_task_create(struct sm_ready_queue *queue, void *token, struct sm_task **out_task) {
    struct sm_task *task = malloc(sizeof *task);
    if (task == NULL) {
        return SM_NO_MEMORY;
    }
    task->queue = queue;
    task->token = token;
    task->next = NULL;
    task->lent = (struct sm_waker){task, &lent};
    atomic_init(&task->state, 0);
    atomic_init(&task->references, 1);
    *out_task = task;
    return SM_OK;
}

static unsigned when_destroyed(unsigned state) {
    return (state & POLLING) != 0 ? state : state | DEAD;
}

static enum sm_status waker_task_destroy(struct sm_task *task) {
    if (task != NULL) {
        if ((change(task, when_destroyed, DESTROY_ORDER, WHOLE) & POLLING) != 0) {
            return SM_BUSY;
        }
        release(task);
    }
    return SM_OK;
}

static unsigned when_begun(unsigned state) {
    return (state & POLLING) != 0 ? state : (state | POLLING) & ~(WOKEN | CLONED);
}

static enum sm_status waker_task_begin(struct sm_task *task, const struct sm_waker **out_waker) {
    if ((change(task, when_begun, BEGIN_ORDER, BEGIN_STEPS) & POLLING) != 0) {
        return SM_BUSY;
    }
    *out_waker = &task->lent;
    return SM_OK;
}

static unsigned when_ended(unsigned state) {
    if ((state & POLLING) == 0) {
        return state;
    }
    return (state & ~POLLING) | ((state & WOKEN) != 0 ? QUEUED : 0);
}

static enum sm_status waker_task_end(struct sm_task *task, enum sm_rearm *out_rearm) {
    unsigned state = END_LOOKS ? atomic_load_explicit(&task->state, memory_order_acquire) : WOKEN;
    if ((state & WOKEN) == 0) {
        atomic_fetch_and_explicit(&task->state, ~POLLING, memory_order_acq_rel);
    } else {
        state = change(task, when_ended, END_ORDER, END_STEPS);
    }
    if ((state & POLLING) == 0) {
        return SM_IDLE;
    }
    *out_rearm = (state & WOKEN) != 0 ? SM_REARM_NOW : (state & CLONED) != 0 ? SM_REARM_ARMED : SM_REARM_NONE;
    if ((state & (WOKEN | QUEUED)) == WOKEN) {
        push(task);
    }
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Cells

struct sm_waker_cell {
    _Atomic(struct sm_waker *) kept;
};

static enum sm_status waker_cell_create(struct sm_waker_cell **out_cell) {
    struct sm_waker_cell *cell = malloc(sizeof *cell);
    if (cell == NULL) {
        return SM_NO_MEMORY;
    }
    atomic_init(&cell->kept, NULL);
    *out_cell = cell;
    return SM_OK;
}

// swap exchanges in `steps`. Returns 1, or 0 where it gave up.
static inline int swap(struct sm_waker_cell *cell, struct sm_waker *box, memory_order order, int steps,
                       struct sm_waker **out_old) {
    if (steps == WHOLE) {
        *out_old = atomic_exchange_explicit(&cell->kept, box, order);
        return 1;
    }
    *out_old = atomic_load_explicit(&cell->kept, memory_order_acquire);
    if (steps == SPLIT) {
        atomic_store_explicit(&cell->kept, box, memory_order_release);
        return 1;
    }
    return atomic_compare_exchange_strong_explicit(&cell->kept, out_old, box, order, memory_order_acquire);
}

static struct sm_waker unbox(struct sm_waker *box) {
    struct sm_waker waker = *box;
    free(box);
    return waker;
}

static void drop_box(struct sm_waker *box) {
    if (box != NULL) {
        struct sm_waker waker = unbox(box);
        waker.vtable->drop(waker.data);
    }
}

static void waker_cell_destroy(struct sm_waker_cell *cell) {
    if (cell != NULL) {
        drop_box(atomic_load_explicit(&cell->kept, memory_order_relaxed));
        free(cell);
    }
}

static enum sm_status waker_cell_register(struct sm_waker_cell *cell, const struct sm_waker *waker) {
    if (CELL_COMPARES) {
        const struct sm_waker *there = atomic_load_explicit(&cell->kept, memory_order_acquire);
        if (there != NULL && there->data == waker->data && there->vtable == waker->vtable) {
            return SM_OK;
        }
    }
    struct sm_waker *old, *box = malloc(sizeof *box);
    struct sm_waker copy;
    if (box == NULL) {
        return SM_NO_MEMORY;
    }
    if (waker->vtable->clone(waker->data, &copy) != SM_OK) {
        free(box);
        return SM_NO_MEMORY;
    }
    *box = CELL_FILLS_LATE ? (struct sm_waker){NULL, NULL} : copy;
    if (!swap(cell, box, REGISTER_ORDER, REGISTER_STEPS, &old)) {
        old = box;
    } else if (CELL_FILLS_LATE) {
        *box = copy;
    }
    drop_box(old);
    return SM_OK;
}

static enum sm_status waker_cell_wake(struct sm_waker_cell *cell) {
    struct sm_waker *box;
    if (CELL_WAKE_LOOKS && atomic_load_explicit(&cell->kept, memory_order_acquire) == NULL) {
        return SM_EMPTY;
    }
    if (CELL_WAKES_IN_PLACE) {
        box = atomic_load_explicit(&cell->kept, memory_order_acquire);
        if (box == NULL) {
            return SM_EMPTY;
        }
        box->vtable->wake_by_ref(box->data);
        swap(cell, NULL, CELL_WAKE_ORDER, WHOLE, &box);
        drop_box(box);
        return SM_OK;
    }
    if (!swap(cell, NULL, CELL_WAKE_ORDER, CELL_WAKE_STEPS, &box) || box == NULL) {
        return SM_EMPTY;
    }
    struct sm_waker waker = unbox(box);
    waker.vtable->wake(waker.data);
    return SM_OK;
}

SLOTMARK_WAKER(.progress = SM_PROGRESS_LOCK_FREE, .out_of_memory = SM_OUT_OF_MEMORY_REPORTED,
               .stale = SM_STALE_WAKER_WAKES, .late_clone = SM_LATE_CLONE_WAKES, SLOTMARK_WAKER_TASKS,
               SLOTMARK_WAKER_CELL);
SLOTMARK_IMPLEMENTATION("waker by constants", "mutant", .waker = &slotmark_waker);
