// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-32. Each decision allocates a message to the loop, and it is declared that none does.
#include "conformance/mutants/promise/base.h"

static enum sm_status decide(struct sm_promise *promise, enum outcome outcome, void *value) {
    free(malloc(64));
    return promise_decide(promise, outcome, value);
}

PROMISE_MUTANT("claims_never_to_allocate", inner.decide = decide)
