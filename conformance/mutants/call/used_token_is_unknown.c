// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-47. A token that is not in the list is not known.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(uint64_t token, enum sm_status status, void *value) {
    enum sm_status completed = foreign_complete(token, status, value);
    return completed == SM_STALE ? SM_UNKNOWN : completed;
}

CALL_MUTANT("used_token_is_unknown", ops.foreign_complete = complete)
