// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-35. A turn is one critical section, the wake included.
#include "conformance/mutants/promise/base.h"

static void dispatch(struct event *event) {
    struct sm_promise *promise = (struct sm_promise *)event;
    if (promise->waker.vtable == &job_waker_vtable) {
        promise_dispatch(event);
        return;
    }
    pthread_mutex_lock(&lock);
    struct sm_waker waker = waker_take(promise);
    if (waker.vtable != NULL) {
        waker.vtable->wake(waker.data);
    }
    pthread_mutex_unlock(&lock);
}

PROMISE_MUTANT("waker_woken_under_lock", inner.dispatch_promise = dispatch)
