// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-13. The waker is accepted and not passed on: with a host that polls in a loop, nobody noticed.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    (void)waker;
    return future_poll(future, NULL, out_poll, out_value);
}

FUTURE_MUTANT("wakes_lost_though_delivered", ops.poll = poll)
