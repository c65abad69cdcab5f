// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-14. put is a take and then a put: nothing is lost or dropped twice, but for an instant a slot that was
// never emptied is empty, and a take at that instant says so.
#include <sched.h>

#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    void *old = NULL;
    if (slot == NULL) {
        return SM_INVALID;
    }
    int occupied = slot_swap(slot, 0, NULL, &old);
    sched_yield();
    slot_put(slot, value);
    if (occupied) {
        slot_drop(slot, old);
    }
    return SM_OK;
}

SLOT_MUTANT("put_empties_first", ops.put = put)
