// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-12. Cancelling is a flag that the next poll finds.
#include "conformance/mutants/call/base.h"

static enum sm_status cancel(struct sm_call *call) {
    struct waiting waiting = call == NULL ? nobody : waiting_take(call);
    enum sm_status status = call_cancel(call);
    if (call != NULL) {
        call->waiting = waiting;
    }
    return status;
}

CALL_MUTANT("cancel_is_silent", ops.call_cancel = cancel)
