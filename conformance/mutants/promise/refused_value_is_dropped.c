// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-19. Fulfill consumes its value whatever comes of it, and the caller drops it again.
#include "conformance/mutants/promise/base.h"

static enum sm_status decide(struct sm_promise *promise, enum outcome outcome, void *value) {
    enum sm_status status = promise_decide(promise, outcome, value);
    if (status == SM_COMPLETED) {
        promise->type->drop(promise->type->context, value);
    }
    return status;
}

PROMISE_MUTANT("refused_value_is_dropped", inner.decide = decide)
