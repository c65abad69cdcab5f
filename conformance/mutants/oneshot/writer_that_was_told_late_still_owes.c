// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-31. What counts is what write answered; that DROPPED was delivered later is forgotten (wasmtime
// #13691).
#include "conformance/mutants/oneshot/base.h"

static enum sm_status drop_wrongly(struct sm_oneshot_end *end) {
    if (end != NULL && end->writes && end->state == DONE && end->word == SM_WORD_DROPPED) {
        return SM_UNWRITTEN;
    }
    return oneshot_end_drop(end);
}

ONESHOT_MUTANT("writer_that_was_told_late_still_owes", ops.end_drop = drop_wrongly);
