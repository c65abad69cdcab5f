// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-43. The error of a job is given like a value.
#include "conformance/mutants/promise/base.h"

static enum sm_status result(struct sm_job *job, enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = promise_job_result(job, out_poll, out_value);
    return status == SM_FAILED ? SM_OK : status;
}

PROMISE_MUTANT("job_error_is_a_value", ops.job_result = result)
