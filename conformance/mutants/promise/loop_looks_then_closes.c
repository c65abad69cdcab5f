// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-13. The loop looks whether a promise holds a value, and closes it in a second step: a value that comes
// between is nobody's.
#include <unistd.h>

#include "conformance/mutants/promise/base.h"

static void close_promise(struct sm_promise *promise) {
    int undecided = promise->outcome == UNDECIDED && promise->loop != NULL && promise->loop->closing;
    if (undecided) {
        usleep(20);
    }
    if (undecided && promise->outcome == VALUE) {
        promise->outcome = TAKEN;
    }
    promise_close(promise);
}

PROMISE_MUTANT("loop_looks_then_closes", inner.close = close_promise)
