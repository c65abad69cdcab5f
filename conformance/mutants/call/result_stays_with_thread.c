// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-37. The result lies in a variable of the thread that polled.
#include "conformance/mutants/call/base.h"

static _Thread_local void *value;
static void leave(struct sm_call *call, struct result result, struct waiting self) {
    value = result.value;
    call_leave(call, result, self);
}
static enum sm_status complete(struct sm_call *call, void **out_value) {
    enum sm_status status = call_complete(call, out_value);
    if (status == SM_OK) {
        *out_value = value;
    }
    return status;
}

CALL_MUTANT("result_stays_with_thread", parts.call_leave = leave, ops.call_complete = complete)
