// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-10. What a wake between two polls leaves behind is told, and not cleared.
#include "conformance/mutants/call/base.h"

static void wake(struct sm_call *call) {
    call_wake(call);
    if (call->waked && !call->polling) {
        call->waked = 2;
    }
}
static enum sm_status begin(struct sm_call *call) {
    int waked = call->waked;
    enum sm_status status = call_begin(call);
    call->waked = status == SM_OK && waked == 2 ? 2 : call->waked;
    return status;
}
static void leave(struct sm_call *call, struct result result, struct waiting self) {
    int waked = call->waked;
    call_leave(call, result, self);
    call->waked = waked == 2 ? 2 : call->waked;
}

CALL_MUTANT("latched_wake_stays", parts.call_wake = wake, parts.call_begin = begin, parts.call_leave = leave)
