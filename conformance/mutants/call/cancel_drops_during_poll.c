// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-16. cancel drops the future wherever it is.
#include "conformance/mutants/call/base.h"

static struct result end(struct sm_call *call, int completed) {
    int polling = call->polling;
    call->polling = polling && completed;
    struct result result = call_end(call, completed);
    call->polling = polling;
    return result;
}

CALL_MUTANT("cancel_drops_during_poll", parts.call_end = end)
