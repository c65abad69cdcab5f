// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-42. A method that gave no value was cancelled.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(uint64_t token, enum sm_status status, void *value) {
    return foreign_complete(token, status == SM_FAULT ? SM_CANCELLED : status, value);
}

CALL_MUTANT("fault_given_as_cancelled", ops.foreign_complete = complete)
