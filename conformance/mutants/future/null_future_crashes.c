// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-07. "Nobody polls NULL": the host whose create had failed does.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    if (out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    return future->completed ? SM_COMPLETED : future_poll(future, waker, out_poll, out_value);
}

FUTURE_MUTANT("null_future_crashes", ops.poll = poll)
