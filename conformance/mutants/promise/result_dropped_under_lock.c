// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-35. Destroy is one critical section, the drop of the result included.
#include "conformance/mutants/promise/base.h"

static void close_promise(struct sm_promise *promise) {
    if (promise->outcome == VALUE) {
        pthread_mutex_lock(&lock);
        promise->outcome = TAKEN;
        promise->type->drop(promise->type->context, promise->value);
        pthread_mutex_unlock(&lock);
    }
    promise_close(promise);
}

PROMISE_MUTANT("result_dropped_under_lock", inner.close = close_promise)
