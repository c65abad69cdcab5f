// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-17. The promise is cancelled, and who awaits it is not told.
#include "conformance/mutants/promise/base.h"

static void dispatch(struct event *event) {
    if (((struct sm_promise *)event)->outcome != CANCELLED) {
        promise_dispatch(event);
    }
}

PROMISE_MUTANT("last_drop_wakes_nobody", inner.dispatch_promise = dispatch)
