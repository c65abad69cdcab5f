// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-14. Whoever waited is remembered, and told at each cancel.
#include "conformance/mutants/call/base.h"

static struct waiting last;
static enum sm_status cancel(struct sm_call *call) {
    if (call != NULL && call->waiting.continuation != NULL) {
        last = call->waiting;
    } else if (call != NULL && call->cancelled) {
        continuation_tell(last, SM_CALL_READY);
    }
    return call_cancel(call);
}

CALL_MUTANT("cancel_again_tells_again", ops.call_cancel = cancel)
