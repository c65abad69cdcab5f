// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-06. A poll that is refused is answered twice: by its status, and by its continuation.
#include "conformance/mutants/call/base.h"

static enum sm_status poll(struct sm_call *call, sm_continuation continuation, void *data) {
    enum sm_status status = call_poll(call, continuation, data);
    if (status == SM_BUSY && call->polling) {
        continuation(data, SM_CALL_WAKE);
    }
    return status;
}

CALL_MUTANT("refused_poll_is_told", ops.call_poll = poll)
