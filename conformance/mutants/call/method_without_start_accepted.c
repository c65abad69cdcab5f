// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-61. The members of a record are not looked at.
#include "conformance/mutants/call/base.h"

static void ignore(void *context, uint64_t token) {
    (void)context;
    (void)token;
}
static enum sm_status call(const struct sm_foreign_method *method, const struct sm_value_type *type,
                           struct sm_foreign **out_foreign) {
    static struct sm_foreign_method quiet;
    if (method != NULL && method->start == NULL) {
        quiet = *method;
        quiet.start = ignore;
        method = &quiet;
    }
    return foreign_call(method, type, out_foreign);
}

CALL_MUTANT("method_without_start_accepted", ops.foreign_call = call)
