// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-25. Destroy forgets the waker that the promise keeps, and with it the task that it keeps alive.
#include "conformance/mutants/promise/base.h"

static enum sm_status destroy(struct sm_promise *promise) {
    if (promise != NULL && promise->loop == current) {
        pthread_mutex_lock(&lock);
        promise->waker.vtable = promise->outcome == UNDECIDED ? NULL : promise->waker.vtable;
        pthread_mutex_unlock(&lock);
    }
    return promise_destroy(promise);
}

PROMISE_MUTANT("kept_waker_leaks", ops.destroy = destroy)
