// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-31. A waker with the data of the one before is taken for the same, whatever its table does.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    static _Thread_local struct sm_waker last;
    if (waker != NULL && (last.vtable == NULL || last.data != waker->data)) {
        last = *waker;
    }
    return future_poll(future, waker != NULL ? &last : NULL, out_poll, out_value);
}

FUTURE_MUTANT("same_data_is_the_same_waker", ops.poll = poll)
