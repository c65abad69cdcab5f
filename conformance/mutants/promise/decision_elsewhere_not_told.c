// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-49. A job is linked to the promise by a pointer of the loop's thread, which another thread's decision
// does not follow.
#include "conformance/mutants/promise/base.h"

static enum sm_status decide(struct sm_promise *promise, enum outcome outcome, void *value) {
    enum sm_status status = promise_decide(promise, outcome, value);
    pthread_mutex_lock(&lock);
    if (status == SM_OK && promise->loop != NULL && promise->loop != current &&
        promise->waker.vtable == &job_waker_vtable) {
        withdraw(promise->loop, &promise->event);
    }
    pthread_mutex_unlock(&lock);
    return status;
}

PROMISE_MUTANT("decision_elsewhere_not_told", inner.decide = decide)
