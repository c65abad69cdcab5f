// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-02. A take that finds nothing registers a waiter, and nobody takes the registration back when the caller
// only wanted to look: the next put hands its value to a waiter that has gone.
#include "conformance/mutants/slot/base.h"

enum { WAITED_FOR = -1 };

static enum sm_status take(struct sm_slot *slot, void **out_value) {
    enum sm_status status = slot != NULL && slot->occupied == WAITED_FOR ? SM_EMPTY : slot_take(slot, out_value);
    if (status == SM_EMPTY) {
        slot->occupied = WAITED_FOR;
    }
    return status;
}

static enum sm_status put(struct sm_slot *slot, void *value) {
    if (slot != NULL && slot->occupied == WAITED_FOR) {
        slot->occupied = 0; // the waiter has the value, it is believed
        return SM_OK;
    }
    return slot_put(slot, value);
}

SLOT_MUTANT("waiting_taker_swallows_put", ops.put = put, ops.take = take)
