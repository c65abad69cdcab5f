// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-26. The waker that is replaced is woken instead of given up, to be safe: two tasks that take turns
// never rest.
#include "conformance/mutants/promise/base.h"

static enum sm_status await(struct sm_promise *promise, const struct sm_waker *waker) {
    struct sm_waker old = promise->waker;
    promise->waker.vtable = NULL;
    enum sm_status status = promise_await(promise, waker);
    if (old.vtable != NULL) {
        old.vtable->wake(old.data);
    }
    return status;
}

PROMISE_MUTANT("replaced_waker_is_woken", inner.await = await)
