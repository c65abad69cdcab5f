// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-53. A completion inside start ends the call, and the end is told at once.
#include "conformance/mutants/call/base.h"

static int starting;
static enum sm_status call(const struct sm_foreign_method *method, const struct sm_value_type *type,
                           struct sm_foreign **out_foreign) {
    starting++;
    enum sm_status status = foreign_call(method, type, out_foreign);
    starting--;
    return status;
}
static void done(struct sm_foreign *foreign) {
    static struct sm_foreign_method quiet;
    const struct sm_foreign_method *method = foreign->method;
    if (starting && method->dropped != NULL) {
        quiet = *method;
        quiet.dropped = NULL;
        foreign->method = &quiet;
        method->dropped(method->context, foreign->token);
    }
    foreign_done(foreign);
}

CALL_MUTANT("dropped_told_inside_start", ops.foreign_call = call, parts.foreign_done = done)
