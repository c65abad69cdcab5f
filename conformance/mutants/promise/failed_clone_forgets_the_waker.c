// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-33. The old waker is given up before the clone of the next is made.
#include "conformance/mutants/promise/base.h"

static enum sm_status await(struct sm_promise *promise, const struct sm_waker *waker) {
    waker_drop(waker_take(promise));
    return promise_await(promise, waker);
}

PROMISE_MUTANT("failed_clone_forgets_the_waker", inner.await = await)
