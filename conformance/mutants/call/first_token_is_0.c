// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-40. Numbers begin with 0.
#include "conformance/mutants/call/base.h"

static enum sm_status call(const struct sm_foreign_method *method, const struct sm_value_type *type,
                           struct sm_foreign **out_foreign) {
    static int begun;
    if (!begun++) {
        last_token = UINT64_MAX;
    }
    return foreign_call(method, type, out_foreign);
}

CALL_MUTANT("first_token_is_0", ops.foreign_call = call)
