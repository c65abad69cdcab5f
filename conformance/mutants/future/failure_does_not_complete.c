// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-15. Only READY is taken for an end: a future that failed is run again.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    enum sm_status status = future_poll(future, waker, out_poll, out_value);
    if (status == SM_FAILED) {
        future->completed = 0;
    }
    return status;
}

FUTURE_MUTANT("failure_does_not_complete", ops.poll = poll)
