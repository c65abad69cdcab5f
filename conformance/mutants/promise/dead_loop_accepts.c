// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-11. The value is put into the promise, which is there, for a loop which is not.
#include "conformance/mutants/promise/base.h"

static enum sm_status decide(struct sm_promise *promise, enum outcome outcome, void *value) {
    enum sm_status status = promise_decide(promise, outcome, value);
    if (status == SM_CLOSED && !promise->destroyed) {
        promise->outcome = outcome;
        promise->value = value;
        return SM_OK;
    }
    return status;
}

PROMISE_MUTANT("dead_loop_accepts", inner.decide = decide)
