// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-41. A wake on the loop's thread polls at once, which saves a turn, and deadlocks where the wake is
// made under a lock that the poll needs.
#include "conformance/mutants/promise/base.h"

static void wake_by_ref(const void *data) {
    struct sm_job *job = (struct sm_job *)(uintptr_t)data;
    if (job->loop != NULL && job->loop == current && !job->polling && !job->completed) {
        job_dispatch(&job->event);
        return;
    }
    job_waker_wake_by_ref(data);
}

PROMISE_MUTANT("wake_polls_inline", job_waker_vtable.wake_by_ref = wake_by_ref)
