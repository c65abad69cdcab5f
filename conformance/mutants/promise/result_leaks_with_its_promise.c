// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-22. Destroy frees the promise, and leaves the value to whoever was to take it.
#include "conformance/mutants/promise/base.h"

static enum sm_status destroy(struct sm_promise *promise) {
    if (promise != NULL && promise->loop != NULL && promise->loop == current && promise->outcome != UNDECIDED) {
        promise->outcome = TAKEN;
    }
    return promise_destroy(promise);
}

PROMISE_MUTANT("result_leaks_with_its_promise", ops.destroy = destroy)
