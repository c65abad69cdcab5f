// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-10. The error path cleans up what it was given: the value is dropped although put failed, and the
// caller, who owns it still, drops it again.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    void *volatile box = malloc(sizeof value); // as an implementation that boxes its values
    if (box == NULL && slot != NULL) {
        slot_drop(slot, value);
        return SM_NO_MEMORY;
    }
    free(box);
    return slot_put(slot, value);
}

SLOT_MUTANT("out_of_memory_eats_value", ops.put = put, ops.out_of_memory = SM_OUT_OF_MEMORY_REPORTED)
