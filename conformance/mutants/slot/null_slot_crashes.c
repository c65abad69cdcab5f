// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-18. "Nobody passes NULL": the clean-up path of a host in another language does.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    void *old = NULL;
    if (slot_swap(slot, 1, value, &old)) {
        slot_drop(slot, old);
    }
    return SM_OK;
}

SLOT_MUTANT("null_slot_crashes", ops.put = put)
