// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-39. Each run polls every job that is pending, woken or not.
#include "conformance/mutants/promise/base.h"

static enum sm_status run(struct sm_loop *loop, uint32_t *out_count) {
    enum sm_status status = turn_status(loop, out_count);
    if (status == SM_OK) {
        for (struct sm_job *job = loop->jobs; job != NULL; job = job->next) {
            pthread_mutex_lock(&lock);
            post_and_rouse(job->completed ? NULL : loop, &job->event);
        }
        status = promise_loop_run(loop, out_count);
    }
    return status;
}

PROMISE_MUTANT("run_polls_the_unwoken", ops.loop_run = run)
