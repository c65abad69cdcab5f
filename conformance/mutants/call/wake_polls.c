// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-11. The waking thread has time, and polls the future itself.
#include "conformance/mutants/call/base.h"

static void wake(struct sm_call *call) {
    struct waiting waiting = call->waiting;
    if (waiting.continuation == NULL) {
        call_wake(call);
        return;
    }
    call->waiting = nobody;
    call_poll(call, waiting.continuation, waiting.data);
    call->waiting = nobody;
    parts.tell(waiting, SM_CALL_WAKE);
}

CALL_MUTANT("wake_polls", parts.call_wake = wake)
