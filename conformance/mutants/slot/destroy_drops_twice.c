// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-07. A destructor and an explicit clear both drop the value, and neither marks the slot empty.
#include "conformance/mutants/slot/base.h"

static void destroy(struct sm_slot *slot) {
    if (slot != NULL && slot->occupied) {
        slot_drop(slot, slot->value);
    }
    slot_destroy(slot);
}

SLOT_MUTANT("destroy_drops_twice", ops.destroy = destroy)
