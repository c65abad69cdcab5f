// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-52. Where the host has the token still, it is told when it uses that.
#include "conformance/mutants/call/base.h"

static const struct sm_foreign_method *late;
static void destroy(struct sm_foreign *foreign) {
    static struct sm_foreign_method quiet;
    if (foreign != NULL && !foreign->used) {
        late = foreign->method;
        quiet = *late;
        quiet.dropped = NULL;
        foreign->method = &quiet;
    }
    foreign_destroy(foreign);
}
static void done(struct sm_foreign *foreign) {
    const struct sm_foreign_method *method = foreign->gone ? late : NULL;
    uint64_t token = foreign->token;
    foreign_done(foreign);
    if (method != NULL && method->dropped != NULL) {
        method->dropped(method->context, token);
    }
}

CALL_MUTANT("dropped_told_by_completion", ops.foreign_destroy = destroy, parts.foreign_done = done)
