// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-17. A flag named `occupied` is written to a result named `empty`.
#include "conformance/mutants/slot/base.h"

static enum sm_status is_empty(const struct sm_slot *slot, int *out_empty) {
    enum sm_status status = slot_is_empty(slot, out_empty);
    if (status == SM_OK) {
        *out_empty = !*out_empty;
    }
    return status;
}

SLOT_MUTANT("is_empty_inverted", ops.is_empty = is_empty)
