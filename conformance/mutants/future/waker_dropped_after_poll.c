// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-28. The waker is wrapped in an object that drops it at the end of the poll, as if it had been given;
// it was lent.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    enum sm_status status = future_poll(future, waker, out_poll, out_value);
    if (waker != NULL) {
        waker->vtable->drop(waker->data);
    }
    return status;
}

FUTURE_MUTANT("waker_dropped_after_poll", ops.poll = poll)
