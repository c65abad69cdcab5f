// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-58. Who goes last frees what both share, where that is the promise.
#include "conformance/mutants/promise/base.h"

static void drop_fulfiller(struct sm_fulfiller *fulfiller) {
    if (fulfiller == NULL || fulfiller->references > 1 || !promise_of(fulfiller)->destroyed) {
        promise_drop_fulfiller(fulfiller);
    }
}

PROMISE_MUTANT("fulfiller_that_is_last_is_left", ops.drop_fulfiller = drop_fulfiller)
