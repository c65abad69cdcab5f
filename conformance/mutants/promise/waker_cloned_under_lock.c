// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-35. Poll is one critical section, the clone of the waker included.
#include "conformance/mutants/promise/base.h"

static enum sm_status await(struct sm_promise *promise, const struct sm_waker *waker) {
    struct sm_waker clone;
    if (waker->vtable == &job_waker_vtable) {
        return promise_await(promise, waker);
    }
    pthread_mutex_lock(&lock);
    enum sm_status status = waker->vtable->clone(waker->data, &clone);
    pthread_mutex_unlock(&lock);
    if (status != SM_OK) {
        return status;
    }
    status = promise_await(promise, &clone);
    waker_drop(clone);
    return status;
}

PROMISE_MUTANT("waker_cloned_under_lock", inner.await = await)
