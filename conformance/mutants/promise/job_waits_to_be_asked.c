// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-38. A job is polled once somebody asks for its result: work that nobody waits for is never done.
#include "conformance/mutants/promise/base.h"

static enum sm_status spawn(struct sm_loop *loop, const struct sm_future_source *source,
                            const struct sm_value_type *type, struct sm_job **out_job) {
    return job_make(loop, source, type, out_job);
}

static enum sm_status result(struct sm_job *job, enum sm_poll *out_poll, void **out_value) {
    if (job != NULL && job->loop == current) {
        pthread_mutex_lock(&lock);
        post_and_rouse(job->loop, &job->event);
    }
    return promise_job_result(job, out_poll, out_value);
}

PROMISE_MUTANT("job_waits_to_be_asked", ops.job_spawn = spawn, ops.job_result = result)
