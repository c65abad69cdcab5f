// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-12. A future that has been pending for many polls is taken for stuck; a host that polls in a loop, as
// it may, finds that out quickly.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    static const struct sm_future *of;
    static unsigned pending;
    enum sm_status status = future_poll(future, waker, out_poll, out_value);
    pending = of == future && status == SM_OK && *out_poll == SM_POLL_PENDING ? pending + 1 : 0;
    of = future;
    return pending > 32 ? SM_FAULT : status;
}

FUTURE_MUTANT("patience_runs_out", ops.poll = poll)
