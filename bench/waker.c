// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The benches of the profile `waker`.
#include <stdatomic.h>
#include <stdlib.h>

#include "bench/bench.h"

enum { BATCH = 64 };

struct run {
    struct sm_waker_ops ops;
    struct sm_ready_queue *queue;
    struct sm_task *tasks[BATCH];
    struct sm_waker wakers[BATCH]; // one of each task; no vtable: none yet
    struct sm_waker_cell *cell;
    _Alignas(128) atomic_uint taken; // how many wakes have been: stands for what the polled task tells its waker's side
    atomic_uintptr_t sent;           // what the task finds when it is polled
    atomic_uint references, marked;  // of the waker below
};

// counted is the waker that a cell is given where the subject has no tasks: it counts and marks as the floor's does.
static void counted_drop(void *data) {
    atomic_fetch_sub_explicit(&((struct run *)data)->references, 1, memory_order_acq_rel);
}

static void counted_wake_by_ref(const void *data) {
    atomic_exchange_explicit(&((struct run *)(uintptr_t)data)->marked, 1, memory_order_acq_rel);
}

static void counted_wake(void *data) {
    counted_wake_by_ref(data);
    counted_drop(data);
}

static enum sm_status counted_clone(const void *data, struct sm_waker *out_waker);
static const struct sm_waker_vtable counted = {counted_clone, counted_wake, counted_wake_by_ref, counted_drop};

static enum sm_status counted_clone(const void *data, struct sm_waker *out_waker) {
    struct run *run = (struct run *)(uintptr_t)data;
    atomic_fetch_add_explicit(&run->references, 1, memory_order_relaxed);
    *out_waker = (struct sm_waker){run, &counted};
    return SM_OK;
}

static void end(void *context) {
    struct run *run = context;
    for (unsigned i = 0; i < BATCH && run->tasks[i] != NULL; i++) {
        if (run->wakers[i].vtable != NULL) {
            run->wakers[i].vtable->drop(run->wakers[i].data);
        }
        run->ops.task_destroy(run->tasks[i]);
    }
    if (run->queue != NULL) {
        run->ops.queue_destroy(run->queue);
    }
    if (run->cell != NULL) {
        run->ops.cell_destroy(run->cell);
    }
    free(run);
}

// add_task makes a task and a waker of it. Returns 1, or 0.
static int add_task(struct run *run, unsigned i) {
    const struct sm_waker *lent;
    enum sm_rearm rearm;
    if (run->ops.task_create(run->queue, run, &run->tasks[i]) != SM_OK ||
        run->ops.task_begin(run->tasks[i], &lent) != SM_OK) {
        return 0;
    }
    enum sm_status status = lent->vtable->clone(lent->data, &run->wakers[i]);
    return run->ops.task_end(run->tasks[i], &rearm) == SM_OK && status == SM_OK;
}

static struct run *new_run(const struct sm_subject_tables *subject) {
    struct run *run = aligned_alloc(_Alignof(struct run), sizeof *run);
    if (run != NULL) {
        *run = (struct run){.queue = NULL};
        run->ops = subject->waker;
    }
    return run;
}

// add_tasks makes a queue with tasks. Returns 1, or 0.
static int add_tasks(struct run *run, unsigned count) {
    int ok = run->ops.queue_create(NULL, NULL, &run->queue) == SM_OK;
    for (unsigned i = 0; i < count && ok; i++) {
        ok = add_task(run, i);
    }
    return ok;
}

static void *begin_with(const struct sm_subject_tables *subject, unsigned tasks) {
    struct run *run = subject->waker.task_create != NULL ? new_run(subject) : NULL;
    if (run != NULL && !add_tasks(run, tasks)) {
        end(run);
        return NULL;
    }
    return run;
}

static void *begin(const struct sm_subject_tables *subject) {
    return begin_with(subject, 1);
}

static void *begin_batch(const struct sm_subject_tables *subject) {
    return begin_with(subject, BATCH);
}

static void *begin_cell(const struct sm_subject_tables *subject) {
    struct run *run = subject->waker.cell_create != NULL ? new_run(subject) : NULL;
    if (run == NULL) {
        return NULL;
    }
    int ok = 1;
    if (run->ops.task_create != NULL) {
        ok = add_tasks(run, 1);
    } else {
        run->wakers[0] = (struct sm_waker){run, &counted};
    }
    if (!ok || run->ops.cell_create(&run->cell) != SM_OK) {
        end(run);
        return NULL;
    }
    return run;
}

static void *begin_compared(const struct sm_subject_tables *subject) {
    return subject->waker.will_wake != NULL ? begin(subject) : NULL;
}

static void clone_drop(void *context, uint64_t rounds) {
    const struct run *run = context;
    void *data = run->wakers[0].data;
    enum sm_status (*clone)(const void *, struct sm_waker *) = run->wakers[0].vtable->clone;
    do {
        struct sm_waker copy;
        clone(data, &copy);
        copy.vtable->drop(copy.data);
    } while (--rounds != 0);
}

static void wake_take(void *context, uint64_t rounds) {
    const struct run *run = context;
    void *data = run->wakers[0].data;
    void (*wake_by_ref)(const void *) = run->wakers[0].vtable->wake_by_ref;
    enum sm_status (*take)(struct sm_ready_queue *, void **) = run->ops.queue_take;
    do {
        void *token;
        wake_by_ref(data);
        take(run->queue, &token);
    } while (--rounds != 0);
}

static void clone_wake_drop(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*take)(struct sm_ready_queue *, void **) = run->ops.queue_take;
    do {
        struct sm_waker clone;
        void *token;
        run->wakers[0].vtable->clone(run->wakers[0].data, &clone);
        clone.vtable->wake_by_ref(clone.data);
        clone.vtable->drop(clone.data);
        take(run->queue, &token);
    } while (--rounds != 0);
}

static void wake_take_64(void *context, uint64_t rounds) {
    const struct run *run = context;
    void (*wake_by_ref)(const void *) = run->wakers[0].vtable->wake_by_ref;
    enum sm_status (*take)(struct sm_ready_queue *, void **) = run->ops.queue_take;
    do {
        void *token;
        for (unsigned i = 0; i < BATCH; i++) {
            wake_by_ref(run->wakers[i].data);
        }
        for (unsigned i = 0; i < BATCH; i++) {
            take(run->queue, &token);
        }
    } while (--rounds != 0);
}

// One thread wakes a task, another takes it, and tells the first to go on.
static void take_woken(void *context, uint64_t rounds) {
    struct run *run = context;
    enum sm_status (*take)(struct sm_ready_queue *, void **) = run->ops.queue_take;
    do {
        void *token;
        while (take(run->queue, &token) != SM_OK) {
        }
        atomic_fetch_add_explicit(&run->taken, 1, memory_order_release);
    } while (--rounds != 0);
}

static void wake_from_afar(void *context, uint64_t rounds) {
    struct run *run = context;
    void *data = run->wakers[0].data;
    void (*wake_by_ref)(const void *) = run->wakers[0].vtable->wake_by_ref;
    unsigned taken = atomic_load_explicit(&run->taken, memory_order_relaxed);
    do {
        wake_by_ref(data);
        while (atomic_load_explicit(&run->taken, memory_order_acquire) == taken) {
        }
        taken++;
    } while (--rounds != 0);
}

static void wake_woken(void *context, uint64_t rounds) {
    const struct run *run = context;
    void *data = run->wakers[0].data;
    void (*wake_by_ref)(const void *) = run->wakers[0].vtable->wake_by_ref;
    do {
        wake_by_ref(data);
    } while (--rounds != 0);
}

static void begin_end(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*task_begin)(struct sm_task *, const struct sm_waker **) = run->ops.task_begin;
    enum sm_status (*task_end)(struct sm_task *, enum sm_rearm *) = run->ops.task_end;
    do {
        const struct sm_waker *lent;
        enum sm_rearm rearm;
        task_begin(run->tasks[0], &lent);
        task_end(run->tasks[0], &rearm);
    } while (--rounds != 0);
}

static void will_wake(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*compare)(const struct sm_waker *, const struct sm_waker *, int *) = run->ops.will_wake;
    do {
        int same;
        compare(&run->wakers[0], &run->wakers[0], &same);
    } while (--rounds != 0);
}

static void create_destroy(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*create)(struct sm_ready_queue *, void *, struct sm_task **) = run->ops.task_create;
    enum sm_status (*destroy)(struct sm_task *) = run->ops.task_destroy;
    do {
        struct sm_task *task = NULL;
        create(run->queue, context, &task);
        destroy(task);
    } while (--rounds != 0);
}

static void register_wake(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*put)(struct sm_waker_cell *, const struct sm_waker *) = run->ops.cell_register;
    enum sm_status (*wake)(struct sm_waker_cell *) = run->ops.cell_wake;
    do {
        put(run->cell, &run->wakers[0]);
        wake(run->cell);
    } while (--rounds != 0);
}

static void register_again(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*put)(struct sm_waker_cell *, const struct sm_waker *) = run->ops.cell_register;
    do {
        put(run->cell, &run->wakers[0]);
    } while (--rounds != 0);
}

static void wake_nobody(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*wake)(struct sm_waker_cell *) = run->ops.cell_wake;
    do {
        wake(run->cell);
    } while (--rounds != 0);
}

static void send(void *context, uintptr_t number) {
    struct run *run = context;
    atomic_store_explicit(&run->sent, number, memory_order_relaxed);
    run->wakers[0].vtable->wake_by_ref(run->wakers[0].data);
}

static uintptr_t receive(void *context) {
    struct run *run = context;
    void *token;
    return run->ops.queue_take(run->queue, &token) == SM_OK ? atomic_load_explicit(&run->sent, memory_order_relaxed)
                                                            : 0;
}

static void *make(void *context) {
    struct run *run = context;
    struct sm_task *task = NULL;
    run->ops.task_create(run->queue, context, &task);
    return task;
}

static void unmake(void *context, void *task) {
    ((struct run *)context)->ops.task_destroy(task);
}

#define BENCH(bench, ...)                                                                                              \
    extern const struct sm_bench sm_bench_waker_##bench;                                                               \
    const struct sm_bench sm_bench_waker_##bench = {                                                                   \
        .name = "waker/" #bench, .profile = SM_PROFILE_WAKER, .run = bench, .end = end, __VA_ARGS__}

BENCH(clone_drop, .what = "clone a waker, drop the clone", .begin = begin, .shared = 1);
BENCH(wake_take, .what = "wake a task, take it from the queue", .begin = begin);
BENCH(clone_wake_drop, .what = "clone a waker, wake by the clone, drop it, take the task", .begin = begin);
BENCH(wake_take_64, .what = "wake 64 tasks, take them from the queue", .begin = begin_batch);
BENCH(take_woken, .what = "take a task that another thread wakes", .begin = begin, .beside = wake_from_afar);
BENCH(wake_woken, .what = "wake a task that is ready", .begin = begin, .shared = 1);
BENCH(begin_end, .what = "begin a poll, end it", .begin = begin);
BENCH(will_wake, .what = "compare two wakers", .begin = begin_compared, .shared = 1);
BENCH(create_destroy, .what = "create a task, destroy it", .begin = begin, .object = "task", .make = make,
      .unmake = unmake);
BENCH(register_wake, .what = "register a waker in a cell, wake it", .begin = begin_cell);
BENCH(register_again, .what = "register the waker that is in the cell", .begin = begin_cell);
BENCH(wake_nobody, .what = "wake a cell where no waker is", .begin = begin_cell, .shared = 1);

extern const struct sm_bench sm_bench_waker_delivery;
const struct sm_bench sm_bench_waker_delivery = {.name = "waker/delivery",
                                                 .what = "wake a task, until another thread has taken it",
                                                 .profile = SM_PROFILE_WAKER,
                                                 .begin = begin,
                                                 .end = end,
                                                 .send = send,
                                                 .receive = receive};
