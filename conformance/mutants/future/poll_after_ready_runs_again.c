// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-15. The end of a future is not recorded: polled again, it runs past its end, where a generator is in
// no state at all.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    enum sm_status status = future_poll(future, waker, out_poll, out_value);
    if (status == SM_COMPLETED) {
        status = future_run(future, waker, out_poll, out_value);
    }
    return status;
}

FUTURE_MUTANT("poll_after_ready_runs_again", ops.poll = poll)
