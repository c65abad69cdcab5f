// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-24. An allocation of no bytes gives NULL on some systems, which is taken for want of memory, or for a
// mistake of the caller's.
#include "conformance/mutants/future/base.h"

static enum sm_status create(const struct sm_future_source *source, struct sm_future **out_future) {
    if (source_is_sound(source) && source->vtable->size == 0) {
        return SM_NO_MEMORY;
    }
    return future_create(source, out_future);
}

FUTURE_MUTANT("size_zero_refused", ops.create = create)
