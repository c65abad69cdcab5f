// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-44. A waker with the data of the one that is kept is taken for the same, whatever its table does.
#include "conformance/mutants/call/base.h"

static enum sm_status poll(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    if (foreign == NULL || waker == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&tokens);
    int same = foreign->waker.vtable != NULL && foreign->waker.data == waker->data && !foreign->used;
    pthread_mutex_unlock(&tokens);
    if (!same) {
        return foreign_poll(foreign, waker, out_poll, out_value);
    }
    *out_poll = SM_POLL_PENDING;
    return SM_OK;
}

CALL_MUTANT("same_data_is_the_same_waker", ops.foreign_poll = poll)
