// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-10. The error path "leaves a defined state behind", and takes empty for it: the value that the slot held
// is dropped although nothing replaced it.
#include "conformance/mutants/slot/base.h"

static enum sm_status exchange(struct sm_slot *slot, void *value, void **out_old) {
    void *volatile box = malloc(sizeof value); // as an implementation that boxes its values
    if (box == NULL && slot != NULL) {
        slot_put(slot, value);
        return slot_take(slot, &value) == SM_OK ? SM_NO_MEMORY : SM_INVALID;
    }
    free(box);
    return slot_exchange(slot, value, out_old);
}

SLOT_MUTANT("out_of_memory_empties_slot", ops.exchange = exchange, ops.out_of_memory = SM_OUT_OF_MEMORY_REPORTED)
