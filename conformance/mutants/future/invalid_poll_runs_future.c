// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-07. The result is asked for first and the place for it looked at afterwards: the status is right, and
// the value is lost.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    void *lost;
    if (future != NULL && future->state != NULL && out_poll != NULL && out_value == NULL) {
        future_run(future, waker, out_poll, &lost);
        return SM_INVALID;
    }
    return future_poll(future, waker, out_poll, out_value);
}

FUTURE_MUTANT("invalid_poll_runs_future", ops.poll = poll)
