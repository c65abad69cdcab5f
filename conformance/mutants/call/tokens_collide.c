// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-40. A token is the number of calls that wait.
#include "conformance/mutants/call/base.h"

static void complete_list(struct sm_foreign *foreign) {
    last_token--;
    foreign_done(foreign);
}

CALL_MUTANT("tokens_collide", parts.foreign_done = complete_list)
