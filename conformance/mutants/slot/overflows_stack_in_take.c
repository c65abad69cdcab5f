// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// For the judge: take calls itself without end, so that no stack is left for a handler. Breaks SLOT-03 with a CRASH.
#include "conformance/mutants/slot/base.h"

static volatile int bottomless = 1;

static enum sm_status descend(struct sm_slot *slot, void **out_value, volatile char *above) {
    volatile char frame[256];
    frame[0] = (char)(above[0] + 1);
    enum sm_status status = bottomless ? descend(slot, out_value, frame) : slot_take(slot, out_value);
    return frame[0] == 127 && status == SM_OK ? SM_EMPTY : status; // not a tail call
}

static enum sm_status take(struct sm_slot *slot, void **out_value) {
    volatile char top[1] = {0};
    return descend(slot, out_value, top);
}

SLOT_MUTANT("overflows_stack_in_take", ops.take = take)
