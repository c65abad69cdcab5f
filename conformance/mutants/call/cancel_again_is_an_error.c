// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-14. A call that is over is an error to whatever is asked of it.
#include "conformance/mutants/call/base.h"

static enum sm_status cancel(struct sm_call *call) {
    return call != NULL && call->cancelled ? SM_CANCELLED : call_cancel(call);
}

CALL_MUTANT("cancel_again_is_an_error", ops.call_cancel = cancel)
