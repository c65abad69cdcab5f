// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-56. A job whose loop is gone goes on being pending.
#include "conformance/mutants/promise/base.h"

static enum sm_status result(struct sm_job *job, enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = promise_job_result(job, out_poll, out_value);
    if (status == SM_CLOSED) {
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    return status;
}

PROMISE_MUTANT("job_outlives_its_loop_pending", ops.job_result = result)
