// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-05. put overwrites as an assignment does; in a language with destructors that would be enough.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    void *old;
    if (slot == NULL) {
        return SM_INVALID;
    }
    slot_swap(slot, 1, value, &old);
    return SM_OK;
}

SLOT_MUTANT("put_leaks_old", ops.put = put)
