// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-50. A completion that nobody waits for asks its value whether there is one.
#include "conformance/mutants/call/base.h"

static void done(struct sm_foreign *foreign) {
    foreign->result.ended = !foreign->gone || foreign->result.value != NULL;
    foreign_done(foreign);
}

CALL_MUTANT("late_null_leaks", parts.foreign_done = done)
