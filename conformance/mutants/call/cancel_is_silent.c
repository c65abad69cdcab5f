// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-12. Cancelling is a flag that the next poll finds.
#include "conformance/mutants/call/base.h"

static enum sm_status cancel(struct sm_call *call) {
    if (call == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&call->lock);
    struct waiting waiting = waiting_take(call);
    pthread_mutex_unlock(&call->lock);
    enum sm_status status = call_cancel(call);
    pthread_mutex_lock(&call->lock);
    call->waiting = waiting;
    pthread_mutex_unlock(&call->lock);
    return status;
}

CALL_MUTANT("cancel_is_silent", ops.call_cancel = cancel)
