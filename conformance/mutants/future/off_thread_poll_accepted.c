// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-20. The check stands in destroy only; the poll from the host's pool gets through.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    if (future != NULL) {
        future->creator = pthread_self();
    }
    return future_poll(future, waker, out_poll, out_value);
}

FUTURE_MUTANT("off_thread_poll_accepted", ops.poll = poll)
