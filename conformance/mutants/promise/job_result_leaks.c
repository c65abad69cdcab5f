// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-47. The job is freed, and a result that nobody took with it.
#include "conformance/mutants/promise/base.h"

static enum sm_status destroy(struct sm_job *job) {
    if (job != NULL && job->completed && job->loop != NULL && job->loop == current) {
        job->taken = 1;
    }
    return promise_job_destroy(job);
}

PROMISE_MUTANT("job_result_leaks", ops.job_destroy = destroy)
