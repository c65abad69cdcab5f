// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-47. The future is dropped when the loop comes round to it: what it holds stays held for that long.
#include "conformance/mutants/promise/base.h"

static struct sm_job *doomed;

static enum sm_status destroy(struct sm_job *job) {
    if (job != NULL && job->loop == current && !job->polling && doomed == NULL) {
        doomed = job;
        return SM_OK;
    }
    return promise_job_destroy(job);
}

static enum sm_status run(struct sm_loop *loop, uint32_t *out_count) {
    struct sm_job *job = doomed;
    doomed = NULL;
    promise_job_destroy(job);
    return promise_loop_run(loop, out_count);
}

PROMISE_MUTANT("future_dropped_by_the_next_run", ops.job_destroy = destroy, ops.loop_run = run)
