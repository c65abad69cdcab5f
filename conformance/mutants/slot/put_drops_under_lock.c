// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-19. The drop stands before the unlock, where the old value was at hand: a drop that uses the slot waits
// for its own thread.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    if (slot == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&slot->lock);
    void *old = slot->value;
    int occupied = slot->occupied;
    slot->occupied = 1;
    slot->value = value;
    if (occupied) {
        slot_drop(slot, old);
    }
    pthread_mutex_unlock(&slot->lock);
    return SM_OK;
}

SLOT_MUTANT("put_drops_under_lock", ops.put = put)
