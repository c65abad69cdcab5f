// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-16. exchange is put with one more line, and put drops what it replaces: the caller is handed a value
// that is gone.
#include "conformance/mutants/slot/base.h"

static enum sm_status exchange(struct sm_slot *slot, void *value, void **out_old) {
    enum sm_status status = slot_exchange(slot, value, out_old);
    if (status == SM_OK) {
        slot_drop(slot, *out_old);
    }
    return status;
}

SLOT_MUTANT("exchange_drops_old", ops.exchange = exchange)
