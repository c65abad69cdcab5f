// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-34. A host that polls without a waker is a programming error.
#include "conformance/mutants/promise/base.h"

static enum sm_status poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    volatile struct sm_waker copy = *(volatile const struct sm_waker *)waker;
    (void)copy;
    return promise_poll(promise, waker, out_poll, out_value);
}

PROMISE_MUTANT("null_waker_crashes", ops.poll = poll)
