// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-38. The first poll is done in the spawn, to save a turn: it runs on the stack of whoever spawns.
#include "conformance/mutants/promise/base.h"

static enum sm_status spawn(struct sm_loop *loop, const struct sm_future_source *source,
                            const struct sm_value_type *type, struct sm_job **out_job) {
    enum sm_status status = promise_job_spawn(loop, source, type, out_job);
    if (status == SM_OK) {
        pthread_mutex_lock(&lock);
        withdraw(loop, &(*out_job)->event);
        pthread_mutex_unlock(&lock);
        job_dispatch(&(*out_job)->event);
    }
    return status;
}

PROMISE_MUTANT("spawn_polls", ops.job_spawn = spawn)
