// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-48. Whatever the loop awaits is taken to be awaited by the job that goes.
#include "conformance/mutants/promise/base.h"

static enum sm_status destroy(struct sm_job *job) {
    struct sm_loop *loop = job == NULL ? NULL : job->loop;
    enum sm_status status = promise_job_destroy(job);
    while (status == SM_OK && loop != NULL && loop == current && loop->promises != NULL) {
        promise_close(loop->promises);
    }
    return status;
}

PROMISE_MUTANT("destroyed_job_closes_its_loops_promises", ops.job_destroy = destroy)
