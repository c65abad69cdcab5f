// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-12. The loop lets go of its promises without looking what they hold.
#include "conformance/mutants/promise/base.h"

static void close_promise(struct sm_promise *promise) {
    if (promise->loop != NULL && promise->loop->closing && promise->outcome == VALUE) {
        promise->outcome = TAKEN;
    }
    promise_close(promise);
}

PROMISE_MUTANT("result_leaks_with_its_loop", inner.close = close_promise)
