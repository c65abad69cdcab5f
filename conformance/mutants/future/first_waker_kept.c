// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-31. The waker of the first poll is kept and used for all: a future that moves to another task wakes
// the task that it has left.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    static struct sm_waker first;
    if (waker != NULL && first.vtable == NULL) {
        first = *waker;
    }
    return future_poll(future, waker != NULL ? &first : NULL, out_poll, out_value);
}

FUTURE_MUTANT("first_waker_kept", ops.poll = poll)
