// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-59. The result lies in a variable of the thread that completed.
#include "conformance/mutants/call/base.h"

static _Thread_local int has_completed;
static enum sm_status complete(uint64_t token, enum sm_status status, void *value) {
    has_completed = 1;
    return foreign_complete(token, status, value);
}
static enum sm_status poll(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    enum sm_status status = foreign_poll(foreign, waker, out_poll, out_value);
    if (status == SM_OK && *out_poll == SM_POLL_READY && !has_completed) {
        static uint64_t nothing[16];
        *out_value = nothing;
    }
    return status;
}

CALL_MUTANT("foreign_result_stays_with_thread", ops.foreign_complete = complete, ops.foreign_poll = poll)
