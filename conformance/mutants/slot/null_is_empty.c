// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-09. NULL serves as the mark of an empty slot, as with upstream's boxes, but here the words are the
// caller's: a NULL that was put is lost.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    void *out;
    if (slot != NULL && value == NULL) {
        return slot_take(slot, &out) == SM_OK ? (slot_drop(slot, out), SM_OK) : SM_OK; // replaced by "empty"
    }
    return slot_put(slot, value);
}

SLOT_MUTANT("null_is_empty", ops.put = put)
