// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-58. The poll looks for a result first, and leaves its waker a little later.
#include "conformance/mutants/call/base.h"

static enum sm_status poll(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    if (foreign == NULL || waker == NULL || out_poll == NULL || out_value == NULL || foreign->used) {
        return foreign_poll(foreign, waker, out_poll, out_value);
    }
    for (volatile int i = 0; i < 2000; i++) {
    }
    int used = __atomic_exchange_n(&foreign->used, 0, __ATOMIC_SEQ_CST);
    enum sm_status status = foreign_poll(foreign, waker, out_poll, out_value);
    if (used) {
        waker_drop(waker_take(foreign));
        foreign->used = 1;
    }
    return status;
}

CALL_MUTANT("waker_registered_in_two_steps", ops.foreign_poll = poll)
