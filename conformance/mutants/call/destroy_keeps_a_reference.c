// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-35. destroy borrows the call, as every other operation does, and gives nothing up (uniffi-rs#2056).
#include "conformance/mutants/call/base.h"

static enum sm_status destroy(struct sm_call *call) {
    if (call != NULL && !call->polling) {
        call->references++;
    }
    return call_destroy(call);
}

CALL_MUTANT("destroy_keeps_a_reference", ops.call_destroy = destroy)
