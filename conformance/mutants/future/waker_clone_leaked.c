// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-28. Each poll keeps a clone of the host's waker in the place of the one before, which is overwritten
// and never given back.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    static _Thread_local struct sm_waker kept;
    if (waker != NULL) {
        waker->vtable->clone(waker->data, &kept);
    }
    return future_poll(future, waker, out_poll, out_value);
}

FUTURE_MUTANT("waker_clone_leaked", ops.poll = poll)
