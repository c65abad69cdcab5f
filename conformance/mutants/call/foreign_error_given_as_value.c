// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-42. The result has a status and a value, and only the value is kept.
#include "conformance/mutants/call/base.h"

static enum sm_status complete(uint64_t token, enum sm_status status, void *value) {
    return foreign_complete(token, status == SM_FAILED ? SM_OK : status, value);
}

CALL_MUTANT("foreign_error_given_as_value", ops.foreign_complete = complete)
