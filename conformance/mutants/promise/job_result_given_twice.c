// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-43. The result stays in the job, and is given to each who asks.
#include "conformance/mutants/promise/base.h"

static enum sm_status result(struct sm_job *job, enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = promise_job_result(job, out_poll, out_value);
    if (status == SM_OK && *out_poll == SM_POLL_READY) {
        job->taken = 0;
    }
    return status;
}

PROMISE_MUTANT("job_result_given_twice", ops.job_result = result)
