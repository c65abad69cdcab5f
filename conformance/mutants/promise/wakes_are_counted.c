// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-39. Each wake queues the job once more: a future that is woken by ten sources is polled ten times.
#include "conformance/mutants/promise/base.h"

static void wake_by_ref(const void *data) {
    struct sm_job *job = (struct sm_job *)(uintptr_t)data;
    pthread_mutex_lock(&lock);
    job->status += job->event.queued ? 1 : 0; // unused until the future has completed
    pthread_mutex_unlock(&lock);
    job_waker_wake_by_ref(data);
}

static void dispatch(struct event *event) {
    struct sm_job *job = (struct sm_job *)event;
    unsigned more = (unsigned)job->status;
    job->status = SM_OK;
    while (!job->completed && more-- != 0) {
        job_dispatch(event);
    }
    if (!job->completed) {
        job_dispatch(event);
    }
}

PROMISE_MUTANT("wakes_are_counted", inner.dispatch_job = dispatch, job_waker_vtable.wake_by_ref = wake_by_ref)
