// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-16. "Was there a value" is asked of the value.
#include "conformance/mutants/slot/base.h"

static enum sm_status exchange(struct sm_slot *slot, void *value, void **out_old) {
    enum sm_status status = slot_exchange(slot, value, out_old);
    return status == SM_OK && *out_old == NULL ? SM_EMPTY : status;
}

SLOT_MUTANT("exchange_of_null_reports_empty", ops.exchange = exchange)
