// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-05. The state is dropped as soon as the future completes, to free what it holds early, and destroy
// does not know.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    enum sm_status status = future_poll(future, waker, out_poll, out_value);
    if (future != NULL && future->completed && status != SM_COMPLETED) {
        future->vtable->drop(future->state);
    }
    return status;
}

FUTURE_MUTANT("completion_drops_too", ops.poll = poll)
