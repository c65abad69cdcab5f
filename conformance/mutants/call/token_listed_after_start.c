// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-41. The token is issued first and becomes good when start has returned.
#include "conformance/mutants/call/base.h"

static int starting;
static void start_quietly(struct sm_foreign *foreign) {
    starting = 1;
    foreign->method->start(foreign->method->context, foreign->token);
    starting = 0;
}
static void ignore(void *context, uint64_t token) {
    (void)context;
    (void)token;
}
static enum sm_status call(const struct sm_foreign_method *method, const struct sm_value_type *type,
                           struct sm_foreign **out_foreign) {
    static struct sm_foreign_method quiet = {sizeof quiet, NULL, ignore, NULL};
    enum sm_status status = foreign_call(is_method(method) ? &quiet : method, type, out_foreign);
    if (status == SM_OK) {
        (*out_foreign)->method = method;
        start_quietly(*out_foreign);
    }
    return status;
}
static enum sm_status complete(uint64_t token, enum sm_status status, void *value) {
    return starting && token == last_token ? SM_UNKNOWN : foreign_complete(token, status, value);
}

CALL_MUTANT("token_listed_after_start", ops.foreign_call = call, ops.foreign_complete = complete)
