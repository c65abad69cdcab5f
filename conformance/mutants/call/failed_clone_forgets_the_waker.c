// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-46. The old waker is given up before the new one is had.
#include "conformance/mutants/call/base.h"

static enum sm_status poll(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    if (foreign != NULL && waker != NULL && out_poll != NULL && out_value != NULL) {
        pthread_mutex_lock(&tokens);
        struct sm_waker old = waker_take(foreign);
        pthread_mutex_unlock(&tokens);
        waker_drop(old);
    }
    return foreign_poll(foreign, waker, out_poll, out_value);
}

CALL_MUTANT("failed_clone_forgets_the_waker", ops.foreign_poll = poll)
