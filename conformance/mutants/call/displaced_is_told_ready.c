// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-28. Whoever is displaced waits no more, so it is told READY (uniffi-rs before e9d79bc5).
#include "conformance/mutants/call/base.h"

static enum sm_status poll(struct sm_call *call, sm_continuation continuation, void *data) {
    if (call != NULL && continuation != NULL) {
        parts.tell(waiting_take_between(call), SM_CALL_READY);
    }
    return call_poll(call, continuation, data);
}

CALL_MUTANT("displaced_is_told_ready", ops.second_poll = SM_SECOND_POLL_DISPLACES, ops.call_poll = poll)
