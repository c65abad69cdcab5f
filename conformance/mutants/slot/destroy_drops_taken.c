// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-22. take leaves the pointer behind, and destroy goes by the pointer instead of the flag: the taker's
// value is dropped under its hands.
#include "conformance/mutants/slot/base.h"

static enum sm_status take(struct sm_slot *slot, void **out_value) {
    if (slot == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&slot->lock);
    int occupied = slot->occupied;
    slot->occupied = 0;
    if (occupied) {
        *out_value = slot->value;
    }
    pthread_mutex_unlock(&slot->lock);
    return occupied ? SM_OK : SM_EMPTY;
}

static void destroy(struct sm_slot *slot) {
    if (slot != NULL && slot->value != NULL) {
        slot->occupied = 1;
    }
    slot_destroy(slot);
}

SLOT_MUTANT("destroy_drops_taken", ops.take = take, ops.destroy = destroy)
