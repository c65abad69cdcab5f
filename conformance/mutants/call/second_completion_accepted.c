// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-47. A completion that comes too late is nobody's business, and is dropped.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(uint64_t token, enum sm_status status, void *value) {
    enum sm_status completed = foreign_complete(token, status, value);
    return completed == SM_STALE ? SM_OK : completed;
}

CALL_MUTANT("second_completion_accepted", ops.foreign_complete = complete)
