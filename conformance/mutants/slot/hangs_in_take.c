// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// For the judge: take runs for ever on the processor. Breaks SLOT-03 with a HANG.
#include "conformance/mutants/slot/base.h"

static enum sm_status take(struct sm_slot *slot, void **out_value) {
    static volatile int turning = 1;
    while (turning) {
    }
    return slot_take(slot, out_value);
}

SLOT_MUTANT("hangs_in_take", ops.take = take)
