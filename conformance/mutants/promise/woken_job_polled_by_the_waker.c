// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-42. The thread that wakes the job polls it, once the loop is idle.
#include "conformance/mutants/promise/base.h"

static void wake_by_ref(const void *data) {
    struct sm_job *job = (struct sm_job *)(uintptr_t)data;
    if (job->loop != NULL && job->loop != current && job->loop->idle && !job->completed) {
        job_dispatch(&job->event);
        return;
    }
    job_waker_wake_by_ref(data);
}

PROMISE_MUTANT("woken_job_polled_by_the_waker", job_waker_vtable.wake_by_ref = wake_by_ref)
