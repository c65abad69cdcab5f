// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-16. "Nothing changed, so there is nothing to give back": two values may be one word.
#include "conformance/mutants/slot/base.h"

static enum sm_status exchange(struct sm_slot *slot, void *value, void **out_old) {
    enum sm_status status = slot_exchange(slot, value, out_old);
    return status == SM_OK && *out_old == value ? SM_EMPTY : status;
}

SLOT_MUTANT("exchange_of_the_same_word_reports_empty", ops.exchange = exchange)
