// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-16. put escapes words that look tagged, and exchange was written later.
#include "conformance/mutants/slot/base.h"

static enum sm_status exchange(struct sm_slot *slot, void *value, void **out_old) {
    return slot_exchange(slot, (void *)((uintptr_t)value & ~(uintptr_t)1), out_old);
}

SLOT_MUTANT("exchange_tags_the_lowest_bit", ops.exchange = exchange)
