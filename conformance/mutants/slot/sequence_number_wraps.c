// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-23. The flag is a sequence number of 16 bits in which 0 means empty: each 65536th value counts as none.
#include <stdatomic.h>

#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    static atomic_ushort sequence;
    void *old = NULL;
    if (slot == NULL) {
        return SM_INVALID;
    }
    if (slot_swap(slot, (uint16_t)(atomic_fetch_add(&sequence, 1) + 1), value, &old)) {
        slot_drop(slot, old);
    }
    return SM_OK;
}

SLOT_MUTANT("sequence_number_wraps", ops.put = put)
