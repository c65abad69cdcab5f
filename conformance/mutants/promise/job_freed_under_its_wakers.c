// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-46. The job is freed with its handle, and its wakers point at whatever comes next.
#include "conformance/mutants/promise/base.h"

static enum sm_status destroy(struct sm_job *job) {
    if (job != NULL && job->loop == current && !job->polling) {
        job->references = 1;
    }
    return promise_job_destroy(job);
}

PROMISE_MUTANT("job_freed_under_its_wakers", ops.job_destroy = destroy)
