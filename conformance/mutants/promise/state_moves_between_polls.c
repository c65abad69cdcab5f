// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-57. Jobs lie in a vector that grows: whatever points into its own state points elsewhere after that.
#include "conformance/mutants/promise/base.h"

static void dispatch(struct event *event) {
    struct sm_job *job = (struct sm_job *)event;
    void *elsewhere = state_allocate(job->vtable);
    memcpy(elsewhere, job->state, job->vtable->size);
    free(job->state);
    job->state = elsewhere;
    job_dispatch(event);
}

PROMISE_MUTANT("state_moves_between_polls", inner.dispatch_job = dispatch)
