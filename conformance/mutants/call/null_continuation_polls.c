// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-38. A host that wants to be told nothing passes no continuation.
#include "conformance/mutants/call/base.h"

static void ignore(void *data, enum sm_call_code code) {
    (void)data;
    (void)code;
}
static enum sm_status poll(struct sm_call *call, sm_continuation continuation, void *data) {
    return call_poll(call, continuation == NULL ? ignore : continuation, data);
}

CALL_MUTANT("null_continuation_polls", ops.call_poll = poll)
