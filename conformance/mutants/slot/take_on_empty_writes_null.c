// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-20. "Outputs are always set": a host that polls into the variable of its last value loses that value.
#include "conformance/mutants/slot/base.h"

static enum sm_status take(struct sm_slot *slot, void **out_value) {
    enum sm_status status = slot_take(slot, out_value);
    if (status == SM_EMPTY) {
        *out_value = NULL;
    }
    return status;
}

SLOT_MUTANT("take_on_empty_writes_null", ops.take = take)
