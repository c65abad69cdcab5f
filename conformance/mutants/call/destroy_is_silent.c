// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-23. Who destroys a call knows that it is over, so nobody is told.
#include "conformance/mutants/call/base.h"

static enum sm_status destroy(struct sm_call *call) {
    if (call != NULL) {
        waiting_take_between(call);
    }
    return call_destroy(call);
}

CALL_MUTANT("destroy_is_silent", ops.call_destroy = destroy)
