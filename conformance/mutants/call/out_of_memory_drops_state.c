// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-03. The error path tidies up what was handed in, too.
#include "conformance/mutants/call/base.h"

static enum sm_status create(const struct sm_future_source *source, const struct sm_value_type *type,
                             struct sm_call **out_call) {
    enum sm_status status = call_create(source, type, out_call);
    if (status == SM_NO_MEMORY) {
        source->vtable->drop((void *)(uintptr_t)source->state);
    }
    return status;
}

CALL_MUTANT("out_of_memory_drops_state", ops.call_create = create)
