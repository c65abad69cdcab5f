// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-04. take is written as a read: the value is handed out and the flag is forgotten, so the next take hands
// it out again.
#include "conformance/mutants/slot/base.h"

static enum sm_status take(struct sm_slot *slot, void **out_value) {
    if (slot == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&slot->lock);
    enum sm_status status = slot->occupied ? SM_OK : SM_EMPTY;
    if (status == SM_OK) {
        *out_value = slot->value;
    }
    pthread_mutex_unlock(&slot->lock);
    return status;
}

SLOT_MUTANT("take_keeps_value", ops.take = take)
