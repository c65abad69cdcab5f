// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-24. What waits is told by destroy, and lies there still when a late wake comes.
#include "conformance/mutants/call/base.h"

static struct {
    struct sm_call *call;
    struct waiting waiting;
} gone;
static enum sm_status destroy(struct sm_call *call) {
    gone.call = call;
    gone.waiting = call == NULL ? nobody : call->waiting;
    return call_destroy(call);
}
static void wake(struct sm_call *call) {
    if (call == gone.call) {
        parts.tell(gone.waiting, SM_CALL_WAKE);
    } else {
        call_wake(call);
    }
}

CALL_MUTANT("wake_after_destroy_tells", ops.call_destroy = destroy, parts.call_wake = wake)
