// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-29. The value is in a record before the box is asked for, and the record's destructor runs when there
// is none.
#include "conformance/mutants/future/base.h"

static enum sm_status ready(const struct sm_value_type *type, void *value, struct sm_future **out_future) {
    enum sm_status status = future_ready(type, value, out_future);
    if (status == SM_NO_MEMORY) {
        type->drop(type->context, value);
    }
    return status;
}

FUTURE_MUTANT("out_of_memory_drops_ready_value", ops.ready = ready)
