// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-10. "It only allocates a little, and only for a moment": the declaration was written for the algorithm,
// not for the code.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    void *volatile box = malloc(sizeof value);
    free(box);
    return slot_put(slot, value);
}

SLOT_MUTANT("claims_never_to_allocate", ops.put = put)
