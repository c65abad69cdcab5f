// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-39. The wakes before a poll are counted in a byte: 256 are none.
#include "conformance/mutants/promise/base.h"

static void wake_by_ref(const void *data) {
    struct sm_job *job = (struct sm_job *)(uintptr_t)data;
    static unsigned wakes;
    pthread_mutex_lock(&lock);
    wakes = job->event.queued ? wakes + 1 : 1;
    if (wakes % 256 == 0) {
        withdraw(job->loop, &job->event);
        pthread_mutex_unlock(&lock);
        return;
    }
    post_and_rouse(job->completed ? NULL : job->loop, &job->event);
}

PROMISE_MUTANT("byte_counts_the_wakes_of_a_job", job_waker_vtable.wake_by_ref = wake_by_ref)
