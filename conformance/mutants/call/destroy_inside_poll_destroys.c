// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-31. destroy trusts its caller that nobody is inside.
#include "conformance/mutants/call/base.h"

static enum sm_status destroy(struct sm_call *call) {
    if (call != NULL && call->polling) {
        call->polling = 0;
        parts.call_end(call, 1);
        call->polling = 1;
        return SM_OK;
    }
    return call_destroy(call);
}

CALL_MUTANT("destroy_inside_poll_destroys", ops.call_destroy = destroy)
