// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-32. The promise is decided first, and the message to the loop allocated after: nobody is told, and the
// value has two owners.
#include "conformance/mutants/promise/base.h"

static enum sm_status decide(struct sm_promise *promise, enum outcome outcome, void *value) {
    void *volatile message = malloc(64);
    if (message == NULL && decision(promise) == SM_OK) {
        promise->outcome = outcome;
        promise->value = value;
        return SM_NO_MEMORY;
    }
    free(message);
    return promise_decide(promise, outcome, value);
}

PROMISE_MUTANT("out_of_memory_decides", inner.decide = decide, ops.out_of_memory = SM_OUT_OF_MEMORY_REPORTED)
