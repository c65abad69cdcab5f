// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-29. Whoever polled last is there to be told, says an assertion: of the loop's own jobs one may have
// gone.
#include "conformance/mutants/promise/base.h"

static void dispatch(struct event *event) {
    const struct sm_promise *promise = (struct sm_promise *)event;
    const struct sm_job *job = promise->waker.data;
    if (promise->waker.vtable == &job_waker_vtable && job->loop == NULL) {
        abort();
    }
    promise_dispatch(event);
}

PROMISE_MUTANT("decision_without_its_poller_crashes", inner.dispatch_promise = dispatch)
