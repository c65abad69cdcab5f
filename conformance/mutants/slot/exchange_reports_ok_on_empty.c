// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-16. exchange cannot fail, so it always says SM_OK: the caller takes the NULL of an empty slot for a
// value.
#include "conformance/mutants/slot/base.h"

static enum sm_status exchange(struct sm_slot *slot, void *value, void **out_old) {
    enum sm_status status = slot_exchange(slot, value, out_old);
    return status == SM_EMPTY ? SM_OK : status;
}

SLOT_MUTANT("exchange_reports_ok_on_empty", ops.exchange = exchange)
