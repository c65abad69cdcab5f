// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-18. The argument is looked at when the value is already out: the status is right, and the value is gone.
#include "conformance/mutants/slot/base.h"

static enum sm_status take(struct sm_slot *slot, void **out_value) {
    void *old = NULL;
    if (slot == NULL) {
        return SM_INVALID;
    }
    if (!slot_swap(slot, 0, NULL, &old)) {
        return SM_EMPTY;
    }
    if (out_value == NULL) {
        slot_drop(slot, old);
        return SM_INVALID;
    }
    *out_value = old;
    return SM_OK;
}

SLOT_MUTANT("invalid_take_drops_value", ops.take = take)
