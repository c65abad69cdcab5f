// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-42. A wake of another thread's finds no loop that is its own, and does nothing.
#include "conformance/mutants/promise/base.h"

static void wake_by_ref(const void *data) {
    const struct sm_job *job = data;
    if (job->loop == current) {
        job_waker_wake_by_ref(data);
    }
}

PROMISE_MUTANT("wake_of_another_thread_lost", job_waker_vtable.wake_by_ref = wake_by_ref)
