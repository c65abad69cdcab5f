// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-12. A promise of a loop that is gone goes on waiting for it.
#include "conformance/mutants/promise/base.h"

static enum sm_status poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    enum sm_status status = promise_poll(promise, waker, out_poll, out_value);
    if (status == SM_CLOSED) {
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    return status;
}

PROMISE_MUTANT("poll_after_the_loop_is_pending", ops.poll = poll)
