// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-11. The poll state is derived from the value: NULL is "no value yet", and a future that gives NULL
// never ends.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    enum sm_status status = future_poll(future, waker, out_poll, out_value);
    if (status == SM_OK && *out_poll == SM_POLL_READY && *out_value == NULL) {
        *out_poll = SM_POLL_PENDING;
    }
    return status;
}

FUTURE_MUTANT("null_output_is_pending", ops.poll = poll)
