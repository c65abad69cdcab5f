// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-45. A wake queues the job, whatever became of it.
#include "conformance/mutants/promise/base.h"

static void complete(struct sm_job *job, enum sm_status status, void *value) {
    job->status = status;
    job->value = value;
}

static enum sm_status result(struct sm_job *job, enum sm_poll *out_poll, void **out_value) {
    if (job != NULL && job->value != NULL) {
        job->completed = 1;
    }
    return promise_job_result(job, out_poll, out_value);
}

PROMISE_MUTANT("completed_job_polled_again", inner.complete = complete, ops.job_result = result)
