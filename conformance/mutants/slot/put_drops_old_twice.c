// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-05. The old value is cleared away before the swap, "to be safe", and what the swap returns is dropped as
// well.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    void *old = NULL;
    if (slot == NULL) {
        return SM_INVALID;
    }
    if (slot_swap(slot, 1, value, &old)) {
        slot_drop(slot, old);
        slot_drop(slot, old);
    }
    return SM_OK;
}

SLOT_MUTANT("put_drops_old_twice", ops.put = put)
