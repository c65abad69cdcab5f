// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-61. The call is used without a look.
#include "conformance/mutants/call/base.h"

static void destroy(struct sm_foreign *foreign) {
    int used = foreign->used;
    (void)used;
    foreign_destroy(foreign->taken ? foreign : foreign);
}

CALL_MUTANT("null_foreign_crashes", ops.foreign_destroy = destroy)
