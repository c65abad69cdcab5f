// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-56. destroy looks whether the call is completed, and says that it has gone a little later.
#include "conformance/mutants/call/base.h"

static void destroy(struct sm_foreign *foreign) {
    if (foreign == NULL || foreign->used) {
        foreign_destroy(foreign);
        return;
    }
    for (volatile int i = 0; i < 2000; i++) {
    }
    foreign->taken = 1; // it was not completed, so there is nothing to drop
    foreign_destroy(foreign);
}

CALL_MUTANT("destroy_looks_then_leaves", ops.foreign_destroy = destroy)
