// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-22. What is NULL is not dropped, as free would not.
#include "conformance/mutants/promise/base.h"

static enum sm_status destroy(struct sm_promise *promise) {
    pthread_mutex_lock(&lock);
    if (promise != NULL && promise->loop != NULL && promise->loop == current && promise->outcome == VALUE &&
        promise->value == NULL) {
        promise->outcome = TAKEN;
    }
    pthread_mutex_unlock(&lock);
    return promise_destroy(promise);
}

PROMISE_MUTANT("null_result_leaks", ops.destroy = destroy)
