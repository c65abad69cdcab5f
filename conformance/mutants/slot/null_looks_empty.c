// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-17. is_empty looks at the value, and not at whether there is one.
#include "conformance/mutants/slot/base.h"

static enum sm_status is_empty(const struct sm_slot *slot, int *out_empty) {
    enum sm_status status = slot_is_empty(slot, out_empty);
    if (status == SM_OK && slot->value == NULL) {
        *out_empty = 1;
    }
    return status;
}

SLOT_MUTANT("null_looks_empty", ops.is_empty = is_empty)
