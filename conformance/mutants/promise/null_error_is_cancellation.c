// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-16. An error of NULL is taken for none: the promise was cancelled, it seems.
#include "conformance/mutants/promise/base.h"

static enum sm_status poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    enum sm_status status = promise_poll(promise, waker, out_poll, out_value);
    return status == SM_FAILED && *out_value == NULL ? SM_CANCELLED : status;
}

PROMISE_MUTANT("null_error_is_cancellation", ops.poll = poll)
