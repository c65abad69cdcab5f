// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-28. Poll begins by clearing its out-parameter.
#include "conformance/mutants/promise/base.h"

static enum sm_status poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    if (out_value != NULL) {
        *out_value = NULL;
    }
    return promise_poll(promise, waker, out_poll, out_value);
}

PROMISE_MUTANT("pending_clears_the_value", ops.poll = poll)
