// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-13. cancel drops nothing and marks nothing: it lets go of whoever waits.
#include "conformance/mutants/call/base.h"

static enum sm_status cancel(struct sm_call *call) {
    if (call == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&call->lock);
    struct waiting waiting = waiting_take(call);
    pthread_mutex_unlock(&call->lock);
    parts.tell(waiting, SM_CALL_READY);
    return SM_OK;
}

CALL_MUTANT("cancelled_future_polled", ops.call_cancel = cancel)
