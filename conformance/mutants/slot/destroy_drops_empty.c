// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-07. destroy drops without looking at the flag: with free as the drop, and NULL in the empty slot, nobody
// noticed.
#include "conformance/mutants/slot/base.h"

static void destroy(struct sm_slot *slot) {
    if (slot != NULL) {
        slot->occupied = 1;
    }
    slot_destroy(slot);
}

SLOT_MUTANT("destroy_drops_empty", ops.destroy = destroy)
