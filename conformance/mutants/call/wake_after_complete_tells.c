// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-25. complete leaves whoever waits to destroy, and a wake finds it first.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(struct sm_call *call, void **out_value) {
    struct waiting waiting = call == NULL || out_value == NULL ? nobody : waiting_take_between(call);
    enum sm_status status = call_complete(call, out_value);
    if (waiting.continuation != NULL) {
        pthread_mutex_lock(&call->lock);
        call->waiting = waiting;
        pthread_mutex_unlock(&call->lock);
    }
    return status;
}

static void wake(struct sm_call *call) {
    pthread_mutex_lock(&call->lock);
    struct waiting waiting = call->completed ? waiting_take(call) : nobody;
    pthread_mutex_unlock(&call->lock);
    parts.tell(waiting, SM_CALL_WAKE);
    call_wake(call);
}

CALL_MUTANT("wake_after_complete_tells", parts.call_wake = wake, ops.call_complete = complete)
