// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-21. A poll that comes back to a completed call leaves the future to destroy.
#include "conformance/mutants/call/base.h"

static void leave(struct sm_call *call, struct result result, struct waiting self) {
    struct box *box = call->completed ? box_take(call) : NULL;
    call_leave(call, result, self);
    if (box != NULL) {
        call->box = box;
    }
}

CALL_MUTANT("completed_future_left_after_poll", parts.call_leave = leave)
