// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-04. The continuation is registered by the first poll, and its data with it.
#include "conformance/mutants/call/base.h"

static struct {
    struct sm_call *call;
    void *data;
} first;
static void leave(struct sm_call *call, struct result result, struct waiting self) {
    if (first.call != call) {
        first.call = call;
        first.data = self.data;
    }
    self.data = first.data;
    call_leave(call, result, self);
}

CALL_MUTANT("first_data_kept", parts.call_leave = leave)
