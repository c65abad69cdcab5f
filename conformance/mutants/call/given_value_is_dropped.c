// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-17. The call drops its result with itself, whoever has it.
#include "conformance/mutants/call/base.h"

static enum sm_status destroy(struct sm_call *call) {
    struct result given = {0, SM_OK, NULL};
    if (call != NULL && call->completed) {
        given = (struct result){call->result.value != NULL, call->result.status, call->result.value};
    }
    const struct sm_value_type *type = call == NULL ? NULL : call->type;
    enum sm_status status = call_destroy(call);
    parts.drop_value(type, given);
    return status;
}

CALL_MUTANT("given_value_is_dropped", ops.call_destroy = destroy)
