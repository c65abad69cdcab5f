// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-16. The check looks at a flag that is cleared before the future runs, not after: a future polled from
// inside its poll runs twice at once.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    if (future != NULL && future->polling) {
        return future_run(future, waker, out_poll, out_value);
    }
    return future_poll(future, waker, out_poll, out_value);
}

FUTURE_MUTANT("reentrant_poll_runs", ops.poll = poll)
