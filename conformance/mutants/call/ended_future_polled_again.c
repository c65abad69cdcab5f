// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-05. Only cancellation is asked for before polling: a future that has ended is run again.
#include "conformance/mutants/call/base.h"

static enum sm_status begin(struct sm_call *call) {
    if (!call->result.ended || call->cancelled || call->completed || call->box != NULL) {
        return call_begin(call);
    }
    return SM_BUSY; // the future has gone, and the host is put off
}

CALL_MUTANT("ended_future_polled_again", parts.call_begin = begin)
