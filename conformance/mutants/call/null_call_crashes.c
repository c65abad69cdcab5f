// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-38. The call is used without a look.
#include "conformance/mutants/call/base.h"

static enum sm_status cancel(struct sm_call *call) {
    parts.call_end(call, 0);
    return SM_OK;
}

CALL_MUTANT("null_call_crashes", ops.call_cancel = cancel)
