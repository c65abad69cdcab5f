// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-19. complete takes a result; the future goes with the call.
#include "conformance/mutants/call/base.h"

static struct result end(struct sm_call *call, int completed) {
    struct box *box = completed == 1 ? box_take(call) : NULL;
    struct result result = call_end(call, completed);
    if (completed == 1) {
        call->box = box;
    }
    return result;
}
static enum sm_status destroy(struct sm_call *call) {
    if (call != NULL && !call->polling) {
        box_destroy(box_take(call));
    }
    return call_destroy(call);
}

CALL_MUTANT("complete_keeps_future", parts.call_end = end, ops.call_destroy = destroy)
