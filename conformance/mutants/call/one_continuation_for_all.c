// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-32. The continuation is registered once, for the whole library (uniffi-rs#1809).
#include "conformance/mutants/call/base.h"

static sm_continuation registered;
static enum sm_status poll(struct sm_call *call, sm_continuation continuation, void *data) {
    if (registered == NULL) {
        registered = continuation;
    }
    return call_poll(call, continuation == NULL ? NULL : registered, data);
}

CALL_MUTANT("one_continuation_for_all", ops.call_poll = poll)
