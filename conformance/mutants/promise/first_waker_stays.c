// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-26. A promise that has a waker needs no other, it seems: the task that polls it now is not told.
#include "conformance/mutants/promise/base.h"

static enum sm_status await(struct sm_promise *promise, const struct sm_waker *waker) {
    return promise->waker.vtable != NULL ? SM_OK : promise_await(promise, waker);
}

PROMISE_MUTANT("first_waker_stays", inner.await = await)
