// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-17. A panic is caught and swallowed: the host waits for a future that will never be ready.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    enum sm_status status = future_poll(future, waker, out_poll, out_value);
    if (status == SM_FAULT) {
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    return status;
}

FUTURE_MUTANT("fault_is_pending", ops.poll = poll)
