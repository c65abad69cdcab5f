// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-25. Poll looks for the result, clones the waker, and clears the event that came meanwhile as dealt
// with.
#include "conformance/mutants/promise/base.h"

static enum sm_status await(struct sm_promise *promise, const struct sm_waker *waker) {
    enum sm_status status = promise_await(promise, waker);
    pthread_mutex_lock(&lock);
    withdraw(promise->loop, &promise->event);
    pthread_mutex_unlock(&lock);
    return status;
}

PROMISE_MUTANT("decision_during_poll_missed", inner.await = await)
