// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-09. Poll is "only a read", and so is let pass on any thread: it takes the value, unordered with the
// loop.
#include "conformance/mutants/promise/base.h"

static enum sm_status poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    struct sm_loop *outer = current;
    if (promise != NULL && promise->loop != NULL) {
        current = promise->loop;
    }
    enum sm_status status = promise_poll(promise, waker, out_poll, out_value);
    current = outer;
    return status;
}

PROMISE_MUTANT("poll_off_its_loop", ops.poll = poll)
