// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-16. exchange is composed of take and put, each of which is atomic; the two together are not.
#include <sched.h>

#include "conformance/mutants/slot/base.h"

static enum sm_status exchange(struct sm_slot *slot, void *value, void **out_old) {
    if (slot == NULL || out_old == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = slot_take(slot, out_old);
    sched_yield();
    slot_put(slot, value);
    return status;
}

SLOT_MUTANT("exchange_in_two_steps", ops.exchange = exchange)
