// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-24. The drop is called as free is, with the value and no context: right for every type whose drop
// ignores it.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    void *old = NULL;
    if (slot == NULL) {
        return SM_INVALID;
    }
    if (slot_swap(slot, 1, value, &old)) {
        slot->type->drop(NULL, old);
    }
    return SM_OK;
}

SLOT_MUTANT("drop_without_context", ops.put = put)
