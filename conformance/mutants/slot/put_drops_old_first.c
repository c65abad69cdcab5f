// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-06. The place is cleared before it is filled, as one would with a variable: the drop sees an empty slot,
// and so does every thread that takes meanwhile.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    void *old = NULL;
    if (slot == NULL) {
        return SM_INVALID;
    }
    if (slot_swap(slot, 0, NULL, &old)) {
        slot_drop(slot, old);
    }
    return slot_put(slot, value);
}

SLOT_MUTANT("put_drops_old_first", ops.put = put)
