// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Correct executors, for base.h.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_EXECUTOR_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_EXECUTOR_H_

#include <pthread.h>
#include <stdlib.h>

#include "conformance/mutants/call/base_parts.h"

struct sm_executor {
    const struct sm_executor_host *host;
    pthread_mutex_t lock;
    unsigned references; // the caller's one, and one for each task that is not over
};

struct task {
    struct sm_executor *executor;
    void (*done)(void *data, enum sm_status status, void *value);
    void *data;
    pthread_mutex_t lock;
    unsigned references; // one for each waker, and one for the run that is due or under way
    int busy, woken;     // a run is due or under way, or the task is over; a wake came meanwhile
    struct box *box;
};

static void executor_release(struct sm_executor *executor) {
    pthread_mutex_lock(&executor->lock);
    unsigned left = --executor->references;
    pthread_mutex_unlock(&executor->lock);
    if (left == 0) {
        const struct sm_executor_host *host = executor->host;
        free(executor);
        host->released(host->context);
    }
}

static const struct result given_up = {0, SM_CANCELLED, NULL};

static void task_end(struct task *task, struct result result) {
    struct box *box = task->box;
    task->box = NULL;
    box_destroy(box);
    task->done(task->data, result.status, result.value);
    parts.executor_release(task->executor);
}

static void task_release(struct task *task) {
    pthread_mutex_lock(&task->lock);
    unsigned left = --task->references;
    pthread_mutex_unlock(&task->lock);
    if (left == 0) {
        if (task->box != NULL) {
            parts.task_end(task, given_up);
        }
        free(task);
    }
}

static void task_run(void *data, enum sm_schedule code);

// task_schedule gives a reference to the run that it asks for.
static void task_schedule(struct task *task) {
    const struct sm_executor_host *host = task->executor->host;
    if (host->schedule(host->context, task_run, task) != SM_SCHEDULE_SUCCESS) {
        parts.task_end(task, given_up);
        parts.task_release(task);
    }
}

static void task_wake(struct task *task) {
    pthread_mutex_lock(&task->lock);
    int idle = !task->busy;
    task->busy = 1;
    task->woken = 1;
    task->references += (unsigned)idle;
    pthread_mutex_unlock(&task->lock);
    if (idle) {
        parts.task_schedule(task);
    }
}

static const struct sm_waker_vtable task_waker_vtable;
static enum sm_status task_waker_clone(const void *data, struct sm_waker *out_waker) {
    struct task *task = (struct task *)(uintptr_t)data;
    pthread_mutex_lock(&task->lock);
    task->references++;
    pthread_mutex_unlock(&task->lock);
    *out_waker = (struct sm_waker){task, &task_waker_vtable};
    return SM_OK;
}
static void task_waker_wake_by_ref(const void *data) {
    parts.task_wake((struct task *)(uintptr_t)data);
}
static void task_waker_drop(void *data) {
    parts.task_release(data);
}
static void task_waker_wake(void *data) {
    parts.task_wake(data);
    parts.task_release(data);
}
static const struct sm_waker_vtable task_waker_vtable = {task_waker_clone, task_waker_wake, task_waker_wake_by_ref,
                                                         task_waker_drop};

// task_leave makes a task idle after a poll that found it pending, or schedules it again.
static void task_leave(struct task *task) {
    pthread_mutex_lock(&task->lock);
    int again = task->busy = task->woken;
    pthread_mutex_unlock(&task->lock);
    if (again) {
        parts.task_schedule(task);
    } else {
        parts.task_release(task);
    }
}

static void task_run(void *data, enum sm_schedule code) {
    struct task *task = data;
    const struct sm_waker waker = {task, &task_waker_vtable};
    pthread_mutex_lock(&task->lock);
    task->woken = 0;
    pthread_mutex_unlock(&task->lock);
    struct result result = code == SM_SCHEDULE_SUCCESS ? parts.run(task->box, &waker) : given_up;
    if (code != SM_SCHEDULE_SUCCESS || result.ended) {
        parts.task_end(task, result);
        parts.task_release(task);
    } else {
        parts.task_leave(task);
    }
}

static enum sm_status executor_create(const struct sm_executor_host *host, struct sm_executor **out_executor) {
    if (host == NULL || host->schedule == NULL || host->released == NULL || out_executor == NULL) {
        return SM_INVALID;
    }
    struct sm_executor *executor = calloc(1, sizeof *executor);
    if (executor == NULL) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_init(&executor->lock, NULL);
    executor->host = host;
    executor->references = 1;
    *out_executor = executor;
    return SM_OK;
}

static enum sm_status executor_spawn(struct sm_executor *executor, const struct sm_future_source *source,
                                     const struct sm_value_type *type,
                                     void (*done)(void *data, enum sm_status status, void *value), void *data) {
    if (executor == NULL || !can_be_called(source) || type == NULL || done == NULL) {
        return SM_INVALID;
    }
    struct task *task = calloc(1, sizeof *task);
    enum sm_status status = task == NULL ? SM_NO_MEMORY : parts.box_create(source, &task->box);
    if (status != SM_OK) {
        free(task);
        return status;
    }
    pthread_mutex_init(&task->lock, NULL);
    task->executor = executor;
    task->done = done;
    task->data = data;
    task->references = 1;
    task->busy = 1;
    pthread_mutex_lock(&executor->lock);
    executor->references++;
    pthread_mutex_unlock(&executor->lock);
    parts.task_schedule(task);
    return SM_OK;
}

static void executor_destroy(struct sm_executor *executor) {
    if (executor != NULL) {
        parts.executor_release(executor);
    }
}

#endif // SLOTMARK_CONFORMANCE_MUTANTS_CALL_BASE_EXECUTOR_H_
