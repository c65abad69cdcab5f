// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-16. The future is left to complete, as in UniFFI, though DROPS is declared.
#include "conformance/mutants/call/base.h"

static enum sm_status cancel(struct sm_call *call) {
    if (call == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&call->lock);
    call->cancelled = 1;
    struct waiting waiting = waiting_take(call);
    pthread_mutex_unlock(&call->lock);
    parts.tell(waiting, SM_CALL_READY);
    return SM_OK;
}

CALL_MUTANT("cancel_marks_though_drops", ops.call_cancel = cancel)
