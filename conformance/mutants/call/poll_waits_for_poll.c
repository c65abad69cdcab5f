// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-29. A lock is held over the future's poll, and the second poll waits for it.
#include "conformance/mutants/call/base.h"

static enum sm_status begin(struct sm_call *call) {
    while (__atomic_load_n(&call->polling, __ATOMIC_SEQ_CST)) {
        sched_yield();
    }
    return call_begin(call);
}

CALL_MUTANT("poll_waits_for_poll", parts.call_begin = begin)
