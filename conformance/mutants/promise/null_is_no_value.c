// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-15. A value of NULL is how the cell says that it is empty.
#include "conformance/mutants/promise/base.h"

static enum sm_status poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    int is_null = 0;
    if (promise != NULL && out_poll != NULL) {
        pthread_mutex_lock(&lock);
        is_null = promise->outcome == VALUE && promise->value == NULL;
        pthread_mutex_unlock(&lock);
    }
    if (is_null) {
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    return promise_poll(promise, waker, out_poll, out_value);
}

PROMISE_MUTANT("null_is_no_value", ops.poll = poll)
