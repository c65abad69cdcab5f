// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-15. cancel throws away what there is: who cancels wants nothing more.
#include "conformance/mutants/call/base.h"

static enum sm_status cancel(struct sm_call *call) {
    if (call != NULL && call->result.ended && !call->completed) {
        struct result result = call->result;
        call->result.ended = 0;
        parts.drop_value(call->type, result);
    }
    return call_cancel(call);
}

CALL_MUTANT("cancel_drops_result", ops.call_cancel = cancel)
