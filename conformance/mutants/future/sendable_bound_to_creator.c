// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-21. The thread is checked for every future, as it was when there were Local ones only.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    if (future != NULL && !pthread_equal(future->creator, pthread_self())) {
        return SM_WRONG_THREAD;
    }
    return future_poll(future, waker, out_poll, out_value);
}

FUTURE_MUTANT("sendable_bound_to_creator", ops.poll = poll)
