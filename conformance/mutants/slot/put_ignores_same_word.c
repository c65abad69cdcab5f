// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-05. "Nothing to do where the slot holds this already": but the word was moved in twice, and one of the
// two is never dropped.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    return slot != NULL && slot->occupied && slot->value == value ? SM_OK : slot_put(slot, value);
}

SLOT_MUTANT("put_ignores_same_word", ops.put = put)
