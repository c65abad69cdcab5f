// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-28. Only a poll that waits displaces: where the second one ends, the first is forgotten until the end.
#include "conformance/mutants/call/base.h"

static enum sm_status poll(struct sm_call *call, sm_continuation continuation, void *data) {
    if (call == NULL || continuation == NULL || call->polling) {
        return call_poll(call, continuation, data);
    }
    struct waiting displaced = waiting_take(call);
    enum sm_status status = call_poll(call, continuation, data);
    if (call->waiting.continuation != NULL) {
        parts.tell(displaced, SM_CALL_WAKE);
    }
    return status;
}

CALL_MUTANT("displaced_waits_for_ever", ops.second_poll = SM_SECOND_POLL_DISPLACES, ops.call_poll = poll)
