// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/executor.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "reference/references.h"

struct sm_executor {
    const struct sm_executor_host *host;
    atomic_size_t references; // the caller's one, and one for each task that is not over
};
_Static_assert(sizeof(struct sm_executor) <= 16, "executor.h states the size");

// What the word of a task can be; executor.h has the transitions.
enum { IDLE, RUNNING, DUE };

struct task {
    atomic_uint word;
    _Atomic(uint32_t) references; // one for each waker, and one for the run that is due or under way
    struct sm_future *future; // NULL once dropped; of the run, of whose schedule was refused, or of the last reference
    struct sm_executor *executor;
    void (*done)(void *data, enum sm_status status, void *value);
    void *data;
};
_Static_assert(sizeof(struct task) <= 40, "executor.h states the size");

static void executor_release(struct sm_executor *executor) {
    // acq_rel: release, so that whoever is last comes after all that this holder did; acquire, so that it does.
    if (atomic_fetch_sub_explicit(&executor->references, 1, memory_order_acq_rel) == 1) {
        const struct sm_executor_host *host = executor->host;
        free(executor);
        host->released(host->context);
    }
}

// task_end ends a task that is this thread's alone. No wake will schedule it any more: its word is not IDLE, or there
// is no waker.
static void task_end(struct task *task, enum sm_status status, void *value) {
    struct sm_future *future = task->future;
    task->future = NULL;
    sm_future_destroy(future);
    task->done(task->data, status, value);
    executor_release(task->executor);
}

static void task_release(struct task *task) {
    if (sm_references_drop(&task->references)) {
        if (task->future != NULL) {
            task_end(task, SM_CANCELLED, NULL); // pending, and nobody left to wake it
        }
        free(task);
    }
}

static void run(void *data, enum sm_schedule code);

// schedule asks the host for a run, which gets this thread's reference to the task. The word is DUE.
static void schedule(struct task *task) {
    // Once the host has said that it will, the run may be over before this thread looks at the task again.
    const struct sm_executor_host *host = task->executor->host;
    if (host->schedule(host->context, run, task) != SM_SCHEDULE_SUCCESS) {
        task_end(task, SM_CANCELLED, NULL);
        task_release(task);
    }
}

// mark_due is a wake, up to the scheduling: it tells whether this wake is to schedule.
//
// The linearization point. release: what this thread did before is visible to the run, whose exchange acquires; the
// word is written by read-modify-writes alone, so later wakes do not hide this one. acquire: pairs with the release
// that made it IDLE; where the host refuses, this thread drops the future after the last run.
static int mark_due(struct task *task) {
    return atomic_exchange_explicit(&task->word, DUE, memory_order_acq_rel) == IDLE;
}

// ------------------------------------------------------------------------------------------------------------------
// The waker that the future is lent

static struct task *task_of(const void *data) {
    return (struct task *)(uintptr_t)data;
}

static enum sm_status waker_clone(const void *data, struct sm_waker *out_waker);

static void waker_wake(void *data) {
    if (mark_due(data)) {
        schedule(data); // the waker's reference becomes the run's
    } else {
        task_release(data);
    }
}

static void waker_wake_by_ref(const void *data) {
    if (mark_due(task_of(data))) {
        // For the run. relaxed: made of the waker's.
        atomic_fetch_add_explicit(&task_of(data)->references, 1, memory_order_relaxed);
        schedule(task_of(data));
    }
}

static void waker_drop(void *data) {
    task_release(data);
}

static const struct sm_waker_vtable waker_vtable = {waker_clone, waker_wake, waker_wake_by_ref, waker_drop};

static enum sm_status waker_clone(const void *data, struct sm_waker *out_waker) {
    if (!sm_references_add(&task_of(data)->references)) {
        return SM_NO_MEMORY;
    }
    *out_waker = (struct sm_waker){task_of(data), &waker_vtable};
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// Runs

// poll polls the future of a task that runs. Returns whether it has ended.
static int poll(struct task *task, enum sm_status *out_status, void **out_value) {
    const struct sm_waker waker = {task, &waker_vtable}; // lent: the run's reference lives as long as this poll
    enum sm_poll found = SM_POLL_PENDING;
    *out_status = sm_future_poll(task->future, &waker, &found, out_value);
    return *out_status != SM_OK || found == SM_POLL_READY;
}

// run is what the host calls for each schedule that it accepted.
static void run(void *data, enum sm_schedule code) {
    struct task *task = data;
    // acquire: pairs with the release of every wake before, and with that of the last run.
    atomic_exchange_explicit(&task->word, RUNNING, memory_order_acquire);
    enum sm_status status = SM_CANCELLED;
    void *value = NULL;
    if (code != SM_SCHEDULE_SUCCESS || poll(task, &status, &value)) {
        task_end(task, status, value); // RUNNING or DUE for ever: later wakes schedule nothing
        task_release(task);
        return;
    }
    unsigned running = RUNNING;
    // The linearization point. release: publishes what the future did to the wake that schedules it next.
    if (atomic_compare_exchange_strong_explicit(&task->word, &running, IDLE, memory_order_release,
                                                memory_order_relaxed)) {
        task_release(task);
        return;
    }
    // Woken meanwhile: this run's reference becomes the next one's. release: publishes what the future did to the next
    // run, however the host gets it to another thread; an exchange, since a store would hide the wakes before. acquire,
    // which nobody needs: clang makes a store of an exchange that only releases and whose result nobody takes.
    atomic_exchange_explicit(&task->word, DUE, memory_order_acq_rel);
    schedule(task);
}

// ------------------------------------------------------------------------------------------------------------------
// Operations

enum sm_status sm_executor_create(const struct sm_executor_host *host, struct sm_executor **out_executor) {
    if (host == NULL || host->size < sizeof *host || host->schedule == NULL || host->released == NULL ||
        out_executor == NULL) {
        return SM_INVALID;
    }
    struct sm_executor *executor = malloc(sizeof *executor);
    if (executor == NULL) {
        return SM_NO_MEMORY;
    }
    executor->host = host;
    atomic_init(&executor->references, 1); // nobody else knows the executor yet
    *out_executor = executor;
    return SM_OK;
}

enum sm_status sm_executor_spawn(struct sm_executor *executor, const struct sm_future_source *source,
                                 const struct sm_value_type *type,
                                 void (*done)(void *data, enum sm_status status, void *value), void *data) {
    if (executor == NULL || source == NULL || source->form != SM_FORM_SENDABLE || !sm_value_type_is_valid(type) ||
        done == NULL) {
        return SM_INVALID;
    }
    struct task *task = malloc(sizeof *task);
    if (task == NULL) {
        return SM_NO_MEMORY;
    }
    enum sm_status status = sm_future_create(source, &task->future);
    if (status != SM_OK) {
        free(task);
        return status;
    }
    atomic_init(&task->references, 1); // nobody else knows the task yet
    // relaxed: the reference is made of the caller's.
    atomic_fetch_add_explicit(&executor->references, 1, memory_order_relaxed);
    task->executor = executor;
    task->done = done;
    task->data = data;
    // release: publishes the task to its first run, however the host gets it to another thread.
    atomic_store_explicit(&task->word, DUE, memory_order_release);
    schedule(task);
    return SM_OK;
}

void sm_executor_destroy(struct sm_executor *executor) {
    if (executor != NULL) {
        executor_release(executor);
    }
}
