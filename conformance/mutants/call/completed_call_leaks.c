// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-60. Who comes second frees, and a completion never thinks that it does.
#include "conformance/mutants/call/base.h"

static void done(struct sm_foreign *foreign) {
    if (foreign->gone) {
        parts.drop_value(foreign->type, foreign->result);
    } else {
        foreign_done(foreign);
    }
}

CALL_MUTANT("completed_call_leaks", parts.foreign_done = done)
