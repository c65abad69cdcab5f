// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-11. take reads the value, then clears the slot, and is not one step: two threads read the same value.
// sched_yield stands for the preemption that comes once in a million.
#include <sched.h>

#include "conformance/mutants/slot/base.h"

static enum sm_status take(struct sm_slot *slot, void **out_value) {
    void *old;
    if (slot == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&slot->lock);
    int occupied = slot->occupied;
    void *value = slot->value;
    pthread_mutex_unlock(&slot->lock);
    if (!occupied) {
        return SM_EMPTY;
    }
    sched_yield();
    slot_swap(slot, 0, NULL, &old);
    *out_value = value;
    return SM_OK;
}

SLOT_MUTANT("take_reads_then_clears", ops.take = take)
