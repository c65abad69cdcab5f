// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-15. "It is cancelled, so nobody wants to know what went wrong."
#include "conformance/mutants/call/base.h"

static enum sm_status cancel(struct sm_call *call) {
    struct result unwanted = {0, SM_OK, NULL};
    if (call == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&call->lock);
    if (call->result.status == SM_FAILED) {
        unwanted = call->result;
        call->result.ended = 0;
    }
    pthread_mutex_unlock(&call->lock);
    parts.drop_value(call->type, unwanted);
    return call_cancel(call);
}

CALL_MUTANT("cancel_drops_an_error", ops.call_cancel = cancel)
