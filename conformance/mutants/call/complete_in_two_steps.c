// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-34. The result is read under the lock, and taken under it a little later.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(struct sm_call *call, void **out_value) {
    if (call == NULL || out_value == NULL || !call->result.ended) {
        return call_complete(call, out_value);
    }
    struct result result = call->result;
    for (volatile int i = 0; i < 2000; i++) {
    }
    void *ignored;
    call_complete(call, &ignored);
    *out_value = result.value;
    return result.status;
}

CALL_MUTANT("complete_in_two_steps", ops.call_complete = complete)
