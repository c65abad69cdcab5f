// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-24. References to a fulfiller are counted in 16 bits: with 65,536 of them the count is 0, and a drop
// that finds it so again is taken for the last.
#include "conformance/mutants/promise/base.h"

static void drop_fulfiller(struct sm_fulfiller *fulfiller) {
    if (fulfiller != NULL && fulfiller->references > 0xffff && (fulfiller->references - 1) % 65536 == 0) {
        inner.decide(promise_of(fulfiller), CANCELLED, NULL);
    }
    promise_drop_fulfiller(fulfiller);
}

PROMISE_MUTANT("sixteen_bits_count_the_references", ops.drop_fulfiller = drop_fulfiller)
