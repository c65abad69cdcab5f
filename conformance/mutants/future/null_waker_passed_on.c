// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-14. NULL is handed through: only the futures that never wake can live with it.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    static const struct sm_waker nothing = {NULL, NULL};
    return future_poll(future, waker ? waker : &nothing, out_poll, out_value);
}

FUTURE_MUTANT("null_waker_passed_on", ops.poll = poll)
