// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-49. 0 is a token that was never issued.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(uint64_t token, enum sm_status status, void *value) {
    return token == 0 ? SM_UNKNOWN : foreign_complete(token, status, value);
}

CALL_MUTANT("token_0_is_unknown", ops.foreign_complete = complete)
