// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-44. A waker that is there is not replaced: it is the same task, after all.
#include "conformance/mutants/call/base.h"

static enum sm_status poll(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    if (foreign == NULL || waker == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&tokens);
    int kept = foreign->waker.vtable != NULL && !foreign->used;
    pthread_mutex_unlock(&tokens);
    if (!kept) {
        return foreign_poll(foreign, waker, out_poll, out_value);
    }
    *out_poll = SM_POLL_PENDING;
    return SM_OK;
}

CALL_MUTANT("first_waker_kept", ops.foreign_poll = poll)
