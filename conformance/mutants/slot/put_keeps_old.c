// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-05. put is a compare-exchange from empty: where it fails, the new value is dropped instead of the old
// one.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    if (slot == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&slot->lock);
    int refused = slot->occupied;
    if (!refused) {
        slot->occupied = 1;
        slot->value = value;
    }
    pthread_mutex_unlock(&slot->lock);
    if (refused) {
        slot_drop(slot, value);
    }
    return SM_OK;
}

SLOT_MUTANT("put_keeps_old", ops.put = put)
