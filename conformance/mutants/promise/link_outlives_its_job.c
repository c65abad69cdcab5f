// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-51. A promise points at the job that awaits it, and the job that goes does not clear the pointer.
#include "conformance/mutants/promise/base.h"

static void dangle(void *data) {
    (void)data;
}

static const struct sm_waker_vtable link_vtable = {job_waker_clone, NULL, job_waker_wake_by_ref, dangle};

static enum sm_status await(struct sm_promise *promise, const struct sm_waker *waker) {
    if (waker->vtable != &job_waker_vtable) {
        return promise_await(promise, waker);
    }
    struct sm_waker old = waker_take(promise);
    promise->waker = (struct sm_waker){waker->data, &link_vtable};
    waker_drop(old);
    return SM_OK;
}

static void dispatch(struct event *event) {
    struct sm_promise *promise = (struct sm_promise *)event;
    if (promise->waker.vtable == &link_vtable) {
        struct sm_waker link = waker_take(promise);
        job_waker_wake_by_ref(link.data);
        return;
    }
    promise_dispatch(event);
}

PROMISE_MUTANT("link_outlives_its_job", inner.await = await, inner.dispatch_promise = dispatch)
