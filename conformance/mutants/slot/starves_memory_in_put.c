// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// For the judge: put takes all memory that can be had, in ever smaller pieces, and says so. The judge must still be
// able to speak: breaks SLOT-03 with a FAIL.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    (void)slot;
    (void)value;
    for (size_t size = (size_t)1 << 26; size >= 16; size /= 2) {
        void *volatile piece;
        do {
            piece = malloc(size); // never touched, so that only the process starves
        } while (piece != NULL);
    }
    return SM_NO_MEMORY;
}

SLOT_MUTANT("starves_memory_in_put", ops.put = put)
