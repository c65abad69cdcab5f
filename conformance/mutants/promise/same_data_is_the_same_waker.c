// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-26. A waker with the data of the one that is kept is taken for the same, whatever its table does.
#include "conformance/mutants/promise/base.h"

static enum sm_status await(struct sm_promise *promise, const struct sm_waker *waker) {
    int same = promise->waker.vtable != NULL && promise->waker.data == waker->data;
    return same ? SM_OK : promise_await(promise, waker);
}

PROMISE_MUTANT("same_data_is_the_same_waker", inner.await = await)
