// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-52. A job has one place for what it awaits, and a second promise takes the first one's.
#include "conformance/mutants/promise/base.h"

static enum sm_status await(struct sm_promise *promise, const struct sm_waker *waker) {
    for (struct sm_promise *other = promise->loop->promises; other != NULL; other = other->next) {
        if (other != promise && other->waker.vtable == &job_waker_vtable && other->waker.data == waker->data) {
            waker_drop(waker_take(other));
        }
    }
    return promise_await(promise, waker);
}

PROMISE_MUTANT("job_awaits_one_promise", inner.await = await)
