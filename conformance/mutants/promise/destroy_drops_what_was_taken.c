// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-22. Destroy drops the value that the promise was decided with, given or not.
#include "conformance/mutants/promise/base.h"

static enum sm_status destroy(struct sm_promise *promise) {
    if (promise != NULL && promise->loop != NULL && promise->loop == current && promise->outcome == TAKEN) {
        promise->outcome = VALUE;
    }
    return promise_destroy(promise);
}

PROMISE_MUTANT("destroy_drops_what_was_taken", ops.destroy = destroy)
