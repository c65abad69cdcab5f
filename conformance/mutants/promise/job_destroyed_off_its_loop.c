// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-09. A job is counted, so any thread may give it up; its future is dropped there.
#include "conformance/mutants/promise/base.h"

static enum sm_status destroy(struct sm_job *job) {
    struct sm_loop *outer = current;
    if (job != NULL && job->loop != NULL) {
        current = job->loop;
    }
    enum sm_status status = promise_job_destroy(job);
    current = outer;
    return status;
}

PROMISE_MUTANT("job_destroyed_off_its_loop", ops.job_destroy = destroy)
