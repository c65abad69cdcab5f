// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Correct jobs, for base.h.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_JOB_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_JOB_H_

#include <stdlib.h>

#include "conformance/mutants/promise/base_promise.h"
#include "conformance/mutants/source.h"

// The memory of the job that was freed last is that of the next: what points at it still is found out.
static struct sm_job *spare_job;

static struct sm_job *job_allocate(void) {
    pthread_mutex_lock(&lock);
    struct sm_job *job = spare_job == NULL ? malloc(sizeof *job) : spare_job;
    spare_job = NULL;
    pthread_mutex_unlock(&lock);
    return job == NULL ? NULL : memset(job, 0, sizeof *job);
}

static void job_free(struct sm_job *job) {
    pthread_mutex_lock(&lock);
    free(spare_job);
    spare_job = job;
    pthread_mutex_unlock(&lock);
}

static void job_release(struct sm_job *job) {
    pthread_mutex_lock(&lock);
    int last = --job->references == 0;
    pthread_mutex_unlock(&lock);
    if (last) {
        job_free(job);
    }
}

static struct sm_waker_vtable job_waker_vtable; // not const: mutants replace its members

static enum sm_status job_waker_clone(const void *data, struct sm_waker *out_waker) {
    struct sm_job *job = (struct sm_job *)(uintptr_t)data;
    pthread_mutex_lock(&lock);
    job->references++;
    pthread_mutex_unlock(&lock);
    *out_waker = (struct sm_waker){job, &job_waker_vtable};
    return SM_OK;
}

static void job_waker_wake_by_ref(const void *data) {
    struct sm_job *job = (struct sm_job *)(uintptr_t)data;
    pthread_mutex_lock(&lock);
    post_and_rouse(job->completed ? NULL : job->loop, &job->event);
}

static void job_waker_drop(void *data) {
    job_release(data);
}

static void job_waker_wake(void *data) {
    job_waker_vtable.wake_by_ref(data);
    job_release(data);
}

static struct sm_waker_vtable job_waker_vtable = {job_waker_clone, job_waker_wake, job_waker_wake_by_ref,
                                                  job_waker_drop};

static void state_drop(struct sm_job *job) {
    void *state = job->state;
    job->state = NULL;
    if (state != NULL) {
        job->vtable->drop(state);
        free(state);
    }
}

// job_complete keeps what the future came to, and drops the future.
static void job_complete(struct sm_job *job, enum sm_status status, void *value) {
    job->status = status;
    job->value = value;
    pthread_mutex_lock(&lock);
    job->completed = 1;
    withdraw(job->loop, &job->event);
    pthread_mutex_unlock(&lock);
    state_drop(job);
}

static void job_dispatch(struct event *event) {
    struct sm_job *job = (struct sm_job *)event;
    const struct sm_waker waker = {job, &job_waker_vtable};
    enum sm_poll found = SM_POLL_PENDING;
    void *value = NULL;
    job->polling = 1;
    enum sm_status status = job->vtable->poll(job->state, &waker, &found, &value);
    if (status != SM_OK || found == SM_POLL_READY) {
        inner.complete(job, status, value);
    }
    job->polling = 0;
}

// job_make makes a job that is not queued.
static enum sm_status job_make(struct sm_loop *loop, const struct sm_future_source *source,
                               const struct sm_value_type *type, struct sm_job **out_job) {
    if (loop == NULL || !source_is_sound(source) || type == NULL || out_job == NULL) {
        return SM_INVALID;
    }
    if (loop != current || loop->closing) {
        return loop != current ? SM_WRONG_LOOP : SM_CLOSED;
    }
    struct sm_job *job = job_allocate();
    void *state = state_move(source);
    if (job == NULL || state == NULL) {
        free(job);
        free(state);
        return SM_NO_MEMORY;
    }
    job->event.dispatch = inner.dispatch_job;
    job->references = 1;
    job->loop = loop;
    job->type = type;
    job->vtable = source->vtable;
    job->state = state;
    job->next = loop->jobs;
    loop->jobs = job;
    *out_job = job;
    return SM_OK;
}

static enum sm_status promise_job_spawn(struct sm_loop *loop, const struct sm_future_source *source,
                                        const struct sm_value_type *type, struct sm_job **out_job) {
    enum sm_status status = job_make(loop, source, type, out_job);
    if (status == SM_OK) {
        pthread_mutex_lock(&lock);
        post_and_rouse(loop, &(*out_job)->event);
    }
    return status;
}

static enum sm_status promise_job_result(struct sm_job *job, enum sm_poll *out_poll, void **out_value) {
    if (job == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = loop_status(&job->loop);
    if (status != SM_OK) {
        return status;
    }
    *out_poll = SM_POLL_PENDING;
    if (!job->completed || job->taken) {
        return job->taken ? SM_COMPLETED : SM_OK;
    }
    job->taken = 1;
    *out_poll = SM_POLL_READY;
    *out_value = job->value;
    return job->status;
}

// job_unbind takes the job from its loop.
static void job_unbind(struct sm_job *job) {
    pthread_mutex_lock(&lock);
    if (job->loop != NULL) {
        withdraw(job->loop, &job->event);
        struct sm_job **link = &job->loop->jobs;
        while (*link != job) {
            link = &(*link)->next;
        }
        *link = job->next;
        job->loop = NULL;
    }
    pthread_mutex_unlock(&lock);
}

static void job_drop_result(struct sm_job *job) {
    if (job->completed && !job->taken && job->status != SM_FAULT) {
        job->taken = 1;
        job->type->drop(job->type->context, job->value);
    }
}

static enum sm_status promise_job_destroy(struct sm_job *job) {
    if (job == NULL) {
        return SM_OK;
    }
    if (loop_status(&job->loop) == SM_WRONG_LOOP || job->polling) {
        return job->polling ? SM_REENTRANT : SM_WRONG_LOOP;
    }
    job->polling = 1; // its drop may come here
    job_unbind(job);
    state_drop(job);
    job_drop_result(job);
    job_release(job);
    return SM_OK;
}

#endif // SLOTMARK_CONFORMANCE_MUTANTS_PROMISE_BASE_JOB_H_
