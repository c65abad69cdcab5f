// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-54. dropped is called without a look.
#include "conformance/mutants/call/base.h"

static void destroy(struct sm_foreign *foreign) {
    const struct sm_foreign_method *method = foreign == NULL ? NULL : foreign->method;
    uint64_t token = foreign == NULL ? 0 : foreign->token;
    foreign_destroy(foreign);
    if (method != NULL && method->dropped == NULL) {
        method->dropped(method->context, token);
    }
}

CALL_MUTANT("dropped_is_required", ops.foreign_destroy = destroy)
