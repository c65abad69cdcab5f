// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-09. The mark of an empty slot is a word of all ones, "which no pointer ever is"; a value that is bits
// and no pointer may be.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    void *out;
    if (slot != NULL && value == (void *)UINTPTR_MAX) {
        return slot_take(slot, &out) == SM_OK ? (slot_drop(slot, out), SM_OK) : SM_OK; // replaced by "empty"
    }
    return slot_put(slot, value);
}

SLOT_MUTANT("all_ones_is_empty", ops.put = put)
