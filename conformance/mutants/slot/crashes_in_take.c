// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// For the judge: take writes through a pointer to nothing. Breaks SLOT-03 with a CRASH.
#include "conformance/mutants/slot/base.h"

static enum sm_status take(struct sm_slot *slot, void **out_value) {
    static void **volatile nowhere;
    *nowhere = slot;
    return slot_take(slot, out_value);
}

SLOT_MUTANT("crashes_in_take", ops.take = take)
