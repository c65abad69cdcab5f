// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// For the judge: put ends the process, with the status of success. What was not judged is no pass: breaks SLOT-03 with
// a CRASH.
#include "conformance/mutants/slot/base.h"

static enum sm_status put(struct sm_slot *slot, void *value) {
    (void)slot;
    (void)value;
    exit(0);
}

SLOT_MUTANT("exits_in_put", ops.put = put)
