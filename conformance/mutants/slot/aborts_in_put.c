// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// For the judge: put aborts, as an assertion would. Breaks SLOT-03 with a CRASH.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    (void)slot;
    (void)value;
    abort();
}

SLOT_MUTANT("aborts_in_put", ops.put = put)
