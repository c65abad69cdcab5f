// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-28. A second poll takes the place of the first and tells it, though REFUSED is declared.
#include "conformance/mutants/call/base.h"

static enum sm_status poll(struct sm_call *call, sm_continuation continuation, void *data) {
    if (call != NULL && continuation != NULL) {
        parts.tell(waiting_take_between(call), SM_CALL_WAKE);
    }
    return call_poll(call, continuation, data);
}

CALL_MUTANT("second_poll_accepted", ops.call_poll = poll)
