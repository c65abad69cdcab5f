// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-12. The value lies in a cache of the putting thread, for speed, and other threads look in their own.
#include <stdatomic.h>

#include "conformance/mutants/slot/base.h"

static int thread_number(void) {
    static atomic_int last;
    static _Thread_local int own;
    return own != 0 ? own : (own = atomic_fetch_add(&last, 1) + 1);
}

static enum sm_status put(struct sm_slot *slot, void *value) {
    void *old = NULL;
    if (slot == NULL) {
        return SM_INVALID;
    }
    if (slot_swap(slot, thread_number(), value, &old)) {
        slot_drop(slot, old);
    }
    return SM_OK;
}

static enum sm_status take(struct sm_slot *slot, void **out_value) {
    int elsewhere = slot != NULL && out_value != NULL && slot->occupied != thread_number();
    return elsewhere ? SM_EMPTY : slot_take(slot, out_value);
}

SLOT_MUTANT("value_stays_with_thread", ops.put = put, ops.take = take)
