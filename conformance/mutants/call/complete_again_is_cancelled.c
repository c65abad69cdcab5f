// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-18. There is no result any more, so it is cancelled, though REFUSED is declared.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(struct sm_call *call, void **out_value) {
    enum sm_status status = call_complete(call, out_value);
    return status == SM_COMPLETED ? SM_CANCELLED : status;
}

CALL_MUTANT("complete_again_is_cancelled", ops.call_complete = complete)
