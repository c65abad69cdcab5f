// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-43. The result stays where it is until the call is destroyed.
#include "conformance/mutants/call/base.h"

static enum sm_status poll(struct sm_foreign *foreign, const struct sm_waker *waker, enum sm_poll *out_poll,
                           void **out_value) {
    if (foreign != NULL && waker != NULL && out_poll != NULL && out_value != NULL) {
        foreign->taken = 0;
    }
    return foreign_poll(foreign, waker, out_poll, out_value);
}

CALL_MUTANT("poll_after_result_gives_again", ops.foreign_poll = poll)
