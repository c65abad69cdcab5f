// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-19. There is no result yet, so the host is told to come back.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(struct sm_call *call, void **out_value) {
    if (call != NULL && out_value != NULL && !call->result.ended && !call->cancelled && !call->completed) {
        return SM_BUSY;
    }
    return call_complete(call, out_value);
}

CALL_MUTANT("complete_before_end_is_busy", ops.call_complete = complete)
