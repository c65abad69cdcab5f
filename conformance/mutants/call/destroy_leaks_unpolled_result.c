// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-51. destroy gives up waiting, and with it what it waited for.
#include "conformance/mutants/call/base.h"

static void destroy(struct sm_foreign *foreign) {
    if (foreign != NULL) {
        foreign->taken |= foreign->used;
    }
    foreign_destroy(foreign);
}

CALL_MUTANT("destroy_leaks_unpolled_result", ops.foreign_destroy = destroy)
