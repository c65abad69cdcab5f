// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-17. A promise that nobody can decide any more stays pending, and is declared not to.
#include "conformance/mutants/promise/base.h"

static void drop(struct sm_fulfiller *fulfiller) {
    if (fulfiller != NULL && fulfiller->references == 1 && !promise_of(fulfiller)->destroyed) {
        return;
    }
    promise_drop_fulfiller(fulfiller);
}

PROMISE_MUTANT("claims_to_cancel", ops.drop_fulfiller = drop)
