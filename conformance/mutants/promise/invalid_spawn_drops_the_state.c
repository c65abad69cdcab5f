// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-37. A spawn that is refused cleans up: the state, which is the caller's, is dropped.
#include "conformance/mutants/promise/base.h"

static enum sm_status spawn(struct sm_loop *loop, const struct sm_future_source *source,
                            const struct sm_value_type *type, struct sm_job **out_job) {
    if (source != NULL && source->vtable != NULL && type == NULL) {
        source->vtable->drop((void *)(uintptr_t)source->state);
    }
    return promise_job_spawn(loop, source, type, out_job);
}

PROMISE_MUTANT("invalid_spawn_drops_the_state", ops.job_spawn = spawn)
