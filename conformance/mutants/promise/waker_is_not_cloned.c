// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-25. Poll keeps the waker that it was lent, which is the caller's to give up.
#include "conformance/mutants/promise/base.h"

static enum sm_status await(struct sm_promise *promise, const struct sm_waker *waker) {
    promise->waker = *waker;
    return SM_OK;
}

PROMISE_MUTANT("waker_is_not_cloned", inner.await = await)
