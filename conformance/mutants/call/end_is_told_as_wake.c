// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-05. A poll always says WAKE; that the future has ended is left to the next one.
#include "conformance/mutants/call/base.h"

static void leave(struct sm_call *call, struct result result, struct waiting self) {
    call_leave(call, result, nobody);
    parts.tell(self, result.ended ? SM_CALL_WAKE : SM_CALL_READY);
}
static void leave_ended(struct sm_call *call, struct result result, struct waiting self) {
    if (result.ended) {
        leave(call, result, self);
    } else {
        call_leave(call, result, self);
    }
}

CALL_MUTANT("end_is_told_as_wake", parts.call_leave = leave_ended)
