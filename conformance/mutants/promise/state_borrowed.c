// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-57. The job points at the source's bytes, which are the caller's.
#include "conformance/mutants/promise/base.h"

static enum sm_status spawn(struct sm_loop *loop, const struct sm_future_source *source,
                            const struct sm_value_type *type, struct sm_job **out_job) {
    enum sm_status status = promise_job_spawn(loop, source, type, out_job);
    if (status == SM_OK && source->vtable->size != 0) {
        (*out_job)->state = (void *)(uintptr_t)source->state;
    }
    return status;
}

PROMISE_MUTANT("state_borrowed", ops.job_spawn = spawn)
