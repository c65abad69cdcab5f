// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-47. A job that goes asks its error whether there is one.
#include "conformance/mutants/promise/base.h"

static enum sm_status destroy(struct sm_job *job) {
    if (job != NULL && job->status == SM_FAILED && job->value == NULL) {
        job->taken = 1;
    }
    return promise_job_destroy(job);
}

PROMISE_MUTANT("null_error_of_a_job_leaks", ops.job_destroy = destroy)
