// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-19. The latest value is the best one: a second fulfill puts its own in the place of the first.
#include "conformance/mutants/promise/base.h"

static enum sm_status decide(struct sm_promise *promise, enum outcome outcome, void *value) {
    enum sm_status status = promise_decide(promise, outcome, value);
    if (status != SM_COMPLETED || promise->outcome != VALUE || promise->loop == NULL) {
        return status;
    }
    void *old = promise->value;
    promise->value = value;
    promise->type->drop(promise->type->context, old);
    return SM_OK;
}

PROMISE_MUTANT("second_decision_replaces", inner.decide = decide)
