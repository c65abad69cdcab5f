// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-18. The result is copied out and stays where it was.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(struct sm_call *call, void **out_value) {
    if (call != NULL && call->completed && call->result.value != NULL && out_value != NULL) {
        *out_value = call->result.value;
        return call->result.status;
    }
    return call_complete(call, out_value);
}

CALL_MUTANT("complete_again_gives_again", ops.call_complete = complete)
