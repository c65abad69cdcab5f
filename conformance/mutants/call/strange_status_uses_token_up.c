// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-49. The token is looked up before the status is looked at.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(uint64_t token, enum sm_status status, void *value) {
    if (token != 0 && !is_end(status)) {
        foreign_complete(token, SM_FAULT, NULL);
        return SM_INVALID;
    }
    return foreign_complete(token, status, value);
}

CALL_MUTANT("strange_status_uses_token_up", ops.foreign_complete = complete)
