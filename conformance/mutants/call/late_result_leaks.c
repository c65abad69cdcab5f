// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-21. A poll that comes back to a completed call has nobody to give its result to, and forgets it.
#include "conformance/mutants/call/base.h"

static void leave(struct sm_call *call, struct result result, struct waiting self) {
    if (call->completed && result.ended) {
        result.status = SM_FAULT;
    }
    call_leave(call, result, self);
}

CALL_MUTANT("late_result_leaks", parts.call_leave = leave)
