// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-52. The end is told when the result has been had, and again with the call.
#include "conformance/mutants/call/base.h"

static enum sm_status poll(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    int taken = foreign == NULL || foreign->taken;
    enum sm_status status = foreign_poll(foreign, waker, out_poll, out_value);
    if (!taken && foreign->taken && foreign->method->dropped != NULL) {
        foreign->method->dropped(foreign->method->context, foreign->token);
    }
    return status;
}

CALL_MUTANT("dropped_told_twice", ops.foreign_poll = poll)
