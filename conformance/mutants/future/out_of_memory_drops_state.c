// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-29. The error path cleans up what it was given: the state is dropped although create failed, and the
// caller, who owns it still, drops it again.
#include "conformance/mutants/future/base.h"

static enum sm_status create(const struct sm_future_source *source, struct sm_future **out_future) {
    enum sm_status status = future_create(source, out_future);
    if (status == SM_NO_MEMORY) {
        source->vtable->drop((void *)(uintptr_t)source->state);
    }
    return status;
}

FUTURE_MUTANT("out_of_memory_drops_state", ops.create = create)
