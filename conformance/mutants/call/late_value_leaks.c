// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-50. A value for nobody is left to itself: a buffer has no destructor.
#include "conformance/mutants/call/base.h"

static void done(struct sm_foreign *foreign) {
    if (foreign->gone) {
        foreign->result.status = SM_FAULT;
    }
    foreign_done(foreign);
}

CALL_MUTANT("late_value_leaks", parts.foreign_done = done)
