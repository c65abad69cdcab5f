// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-21. complete needs the future, and waits until the poll gives it back.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(struct sm_call *call, void **out_value) {
    while (call != NULL && __atomic_load_n(&call->polling, __ATOMIC_SEQ_CST)) {
        sched_yield();
    }
    return call_complete(call, out_value);
}

CALL_MUTANT("complete_waits_for_poll", ops.call_complete = complete)
