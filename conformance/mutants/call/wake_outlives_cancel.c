// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-25. A wake that finds the call cancelled is kept for the next poll, which looks at it first.
#include "conformance/mutants/call/base.h"

static void wake(struct sm_call *call) {
    int over = call_is_over(call);
    call_wake(call);
    call->waked = over ? 1 : call->waked;
}
static enum sm_status poll(struct sm_call *call, sm_continuation continuation, void *data) {
    if (call != NULL && continuation != NULL && call_is_over(call) && call->waked) {
        call->waked = 0;
        continuation(data, SM_CALL_WAKE);
        return SM_OK;
    }
    return call_poll(call, continuation, data);
}

CALL_MUTANT("wake_outlives_cancel", parts.call_wake = wake, ops.call_poll = poll)
