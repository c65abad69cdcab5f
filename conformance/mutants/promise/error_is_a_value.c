// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-16. Errors are values of the caller's, so they are given as such, with SM_OK.
#include "conformance/mutants/promise/base.h"

static enum sm_status poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    enum sm_status status = promise_poll(promise, waker, out_poll, out_value);
    return status == SM_FAILED ? SM_OK : status;
}

PROMISE_MUTANT("error_is_a_value", ops.poll = poll)
