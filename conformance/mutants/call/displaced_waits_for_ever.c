// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-28. Only a poll that waits displaces: where the second one ends, the first is forgotten until the end.
#include "conformance/mutants/call/base.h"

static enum sm_status poll(struct sm_call *call, sm_continuation continuation, void *data) {
    if (call == NULL || continuation == NULL) {
        return call_poll(call, continuation, data);
    }
    pthread_mutex_lock(&call->lock);
    call->references++; // a continuation may destroy the call
    struct waiting displaced = call->polling ? nobody : waiting_take(call);
    pthread_mutex_unlock(&call->lock);
    enum sm_status status = call_poll(call, continuation, data);
    pthread_mutex_lock(&call->lock);
    int waits = call->waiting.continuation != NULL;
    pthread_mutex_unlock(&call->lock);
    if (waits) {
        parts.tell(displaced, SM_CALL_WAKE);
    }
    parts.call_release(call);
    return status;
}

CALL_MUTANT("displaced_waits_for_ever", ops.second_poll = SM_SECOND_POLL_DISPLACES, ops.call_poll = poll)
