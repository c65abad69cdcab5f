// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-34. Poll without a place for the value answers SM_INVALID, after it has taken the value.
#include "conformance/mutants/promise/base.h"

static enum sm_status poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    void *ignored;
    if (out_value == NULL) {
        promise_poll(promise, waker, out_poll, &ignored);
        return SM_INVALID;
    }
    return promise_poll(promise, waker, out_poll, out_value);
}

PROMISE_MUTANT("null_output_takes_the_value", ops.poll = poll)
