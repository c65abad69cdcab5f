// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-54. Destroy from inside the job's own poll succeeds and is put off; the poll goes on to complete a job
// that is gone.
#include "conformance/mutants/promise/base.h"

static enum sm_status destroy(struct sm_job *job) {
    enum sm_status status = promise_job_destroy(job);
    return status == SM_REENTRANT ? SM_OK : status;
}

PROMISE_MUTANT("job_destroyed_inside_its_poll_later", ops.job_destroy = destroy)
