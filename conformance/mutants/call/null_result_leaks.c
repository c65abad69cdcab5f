// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-22. What is NULL is not dropped, as free would not.
#include "conformance/mutants/call/base.h"

static enum sm_status destroy(struct sm_call *call) {
    if (call != NULL && call->result.value == NULL) {
        call->result.ended = 0;
    }
    return call_destroy(call);
}

CALL_MUTANT("null_result_leaks", ops.call_destroy = destroy)
