// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-04. destroy tells whoever polled last, in case nobody has.
#include "conformance/mutants/call/base.h"

static struct waiting last;
static void leave(struct sm_call *call, struct result result, struct waiting self) {
    last = self;
    call_leave(call, result, self);
}
static enum sm_status destroy(struct sm_call *call) {
    enum sm_status status = call_destroy(call);
    if (call != NULL && status == SM_OK) {
        continuation_tell(last, SM_CALL_READY);
        last = nobody;
    }
    return status;
}

CALL_MUTANT("destroy_tells_all_again", parts.call_leave = leave, ops.call_destroy = destroy)
