// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-09. "Once more, perhaps it is ready now": a future that asks its host for something asks twice.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    enum sm_status status = future_poll(future, waker, out_poll, out_value);
    if (status == SM_OK && *out_poll == SM_POLL_PENDING) {
        status = future_poll(future, waker, out_poll, out_value);
    }
    return status;
}

FUTURE_MUTANT("polls_twice", ops.poll = poll)
