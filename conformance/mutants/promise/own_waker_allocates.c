// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-50. Every waker that is kept gets a node of its own, the polling job's too.
#include "conformance/mutants/promise/base.h"

static enum sm_status await(struct sm_promise *promise, const struct sm_waker *waker) {
    if (waker->vtable == &job_waker_vtable) {
        free(malloc(64));
    }
    return promise_await(promise, waker);
}

PROMISE_MUTANT("own_waker_allocates", inner.await = await)
