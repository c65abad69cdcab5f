// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-37. The alignment is handed to the allocator, which knows best.
#include "conformance/mutants/promise/base.h"

static enum sm_status spawn(struct sm_loop *loop, const struct sm_future_source *source,
                            const struct sm_value_type *type, struct sm_job **out_job) {
    struct sm_future_vtable vtable;
    struct sm_future_source sound;
    if (loop == NULL || source == NULL || source->vtable == NULL || source->vtable->align <= 4096) {
        return promise_job_spawn(loop, source, type, out_job);
    }
    vtable = *source->vtable;
    vtable.align = 4096;
    sound = *source;
    sound.vtable = &vtable;
    return promise_job_spawn(loop, &sound, type, out_job);
}

PROMISE_MUTANT("unsound_alignment_accepted", ops.job_spawn = spawn)
