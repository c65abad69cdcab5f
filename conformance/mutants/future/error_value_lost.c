// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-26. Only READY hands a value out; the error, which has one too, is reported by its status alone.
#include "conformance/mutants/future/base.h"

static enum sm_status poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    void *given = NULL;
    if (out_value == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = future_poll(future, waker, out_poll, &given);
    if (status == SM_OK && *out_poll == SM_POLL_READY) {
        *out_value = given;
    }
    return status;
}

FUTURE_MUTANT("error_value_lost", ops.poll = poll)
