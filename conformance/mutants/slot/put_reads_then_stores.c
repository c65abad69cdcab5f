// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-13. put reads the old value, stores the new one and drops what it read, and is not one step: two threads
// replace the same value, and the one that was put between is lost.
#include <sched.h>

#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    void *overwritten;
    if (slot == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&slot->lock);
    int occupied = slot->occupied;
    void *old = slot->value;
    pthread_mutex_unlock(&slot->lock);
    sched_yield();
    slot_swap(slot, 1, value, &overwritten);
    if (occupied) {
        slot_drop(slot, old);
    }
    return SM_OK;
}

SLOT_MUTANT("put_reads_then_stores", ops.put = put)
