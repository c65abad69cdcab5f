// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-29. A promise that was told once is over: it keeps no value for another poller.
#include "conformance/mutants/promise/base.h"

static void dispatch(struct event *event) {
    struct sm_promise *promise = (struct sm_promise *)event;
    int unheard = promise->waker.vtable == NULL;
    promise_dispatch(event);
    if (unheard && promise->outcome == VALUE) {
        promise->outcome = TAKEN;
    }
}

PROMISE_MUTANT("told_promise_takes_no_poller", inner.dispatch_promise = dispatch)
