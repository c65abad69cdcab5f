// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-13. The first poll sets the call up, and with it the flag that cancel has set.
#include "conformance/mutants/call/base.h"

static struct sm_call *polled;
static enum sm_status begin(struct sm_call *call) {
    if (polled != call && call->box == NULL) {
        return SM_BUSY;
    }
    polled = call;
    return call_begin(call);
}

CALL_MUTANT("cancel_before_first_poll_forgotten", parts.call_begin = begin)
