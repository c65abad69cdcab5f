// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-17. complete says OK where it has something to give.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(struct sm_call *call, void **out_value) {
    enum sm_status status = call_complete(call, out_value);
    return status == SM_FAILED ? SM_OK : status;
}

CALL_MUTANT("error_given_as_value", ops.call_complete = complete)
