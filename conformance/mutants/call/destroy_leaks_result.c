// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-22. destroy takes the result as complete does, and nobody has it then.
#include "conformance/mutants/call/base.h"

static enum sm_status destroy(struct sm_call *call) {
    if (call != NULL) {
        call->result.ended = 0;
    }
    return call_destroy(call);
}

CALL_MUTANT("destroy_leaks_result", ops.call_destroy = destroy)
