// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-29. Nothing keeps a second thread out of the future.
#include "conformance/mutants/call/base.h"

static enum sm_status begin(struct sm_call *call) {
    int polling = call->polling;
    call->polling = 0;
    enum sm_status status = call_begin(call);
    call->polling = polling || status == SM_OK;
    return status;
}

CALL_MUTANT("two_threads_inside_the_future", parts.call_begin = begin)
