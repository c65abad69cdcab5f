// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-30. A poll from inside is told apart from one by another thread, and gets an answer of its own.
#include "conformance/mutants/call/base.h"

static _Thread_local struct sm_call *inside;
static enum sm_status begin(struct sm_call *call) {
    if (inside == call && call->polling) {
        return SM_REENTRANT;
    }
    enum sm_status status = call_begin(call);
    inside = status == SM_OK ? call : inside;
    return status;
}
static void leave(struct sm_call *call, struct result result, struct waiting self) {
    inside = NULL;
    call_leave(call, result, self);
}

CALL_MUTANT("poll_inside_poll_is_reentrant", parts.call_begin = begin, parts.call_leave = leave)
