// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-48. A token that is not in the list must have been used.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(uint64_t token, enum sm_status status, void *value) {
    enum sm_status completed = foreign_complete(token, status, value);
    return completed == SM_UNKNOWN ? SM_STALE : completed;
}

CALL_MUTANT("unknown_token_is_stale", ops.foreign_complete = complete)
