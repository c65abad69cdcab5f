// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-07. The continuation is read and not taken: every wake tells it.
#include "conformance/mutants/call/base.h"

static void wake(struct sm_call *call) {
    struct waiting waiting = call->waiting;
    call_wake(call);
    call->waiting = waiting;
}

CALL_MUTANT("wake_leaves_continuation", parts.call_wake = wake)
