// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-21. The poll that was completed meanwhile drops a value that it brings, and no error.
#include "conformance/mutants/call/base.h"

static void leave(struct sm_call *call, struct result result, struct waiting self) {
    if (call->completed && result.status == SM_FAILED) {
        result.status = SM_FAULT;
    }
    call_leave(call, result, self);
}

CALL_MUTANT("late_error_leaks", parts.call_leave = leave)
