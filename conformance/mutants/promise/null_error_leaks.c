// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-22. A promise that goes asks its error whether there is one.
#include "conformance/mutants/promise/base.h"

static void close_wrongly(struct sm_promise *promise) {
    pthread_mutex_lock(&lock);
    if (promise->outcome == ERROR && promise->value == NULL) {
        promise->outcome = TAKEN;
    }
    pthread_mutex_unlock(&lock);
    promise_close(promise);
}

PROMISE_MUTANT("null_error_leaks", inner.close = close_wrongly)
