// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-21. Fulfill of a promise that nobody waits for succeeds, and drops the value: the caller never learns
// that it was in vain.
#include "conformance/mutants/promise/base.h"

static enum sm_status decide(struct sm_promise *promise, enum outcome outcome, void *value) {
    enum sm_status status = promise_decide(promise, outcome, value);
    if (status == SM_CLOSED && promise->destroyed) {
        promise->type->drop(promise->type->context, value);
        return SM_OK;
    }
    return status;
}

PROMISE_MUTANT("destroyed_promise_accepts", inner.decide = decide)
