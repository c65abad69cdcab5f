// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-20. There is no value, so it was cancelled.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(struct sm_call *call, void **out_value) {
    enum sm_status status = call_complete(call, out_value);
    return status == SM_FAULT ? SM_CANCELLED : status;
}

CALL_MUTANT("fault_is_cancelled", ops.call_complete = complete)
