// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-23. Destroy looks whether there is a value to drop, and closes the promise in a second step.
#include <unistd.h>

#include "conformance/mutants/promise/base.h"

static enum sm_status destroy(struct sm_promise *promise) {
    int undecided = promise != NULL && promise->loop == current && promise->outcome == UNDECIDED;
    if (undecided) {
        usleep(20);
        pthread_mutex_lock(&lock);
        promise->outcome = promise->outcome == UNDECIDED ? UNDECIDED : TAKEN;
        pthread_mutex_unlock(&lock);
    }
    return promise_destroy(promise);
}

PROMISE_MUTANT("destroy_looks_then_closes", ops.destroy = destroy)
