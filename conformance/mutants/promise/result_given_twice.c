// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-18. Poll leaves the result where it is, and two owners drop it.
#include "conformance/mutants/promise/base.h"

static enum sm_status poll(struct sm_promise *promise, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    enum outcome outcome = promise == NULL ? UNDECIDED : promise->outcome;
    enum sm_status status = promise_poll(promise, waker, out_poll, out_value);
    if (status != SM_INVALID && status != SM_WRONG_LOOP) {
        pthread_mutex_lock(&lock);
        promise->outcome = outcome == UNDECIDED ? promise->outcome : outcome;
        pthread_mutex_unlock(&lock);
    }
    return status;
}

PROMISE_MUTANT("result_given_twice", ops.poll = poll)
