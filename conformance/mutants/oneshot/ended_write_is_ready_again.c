// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-68. A write that is over is over: READY, as often as it is polled.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_poll_wrongly(struct sm_typed_write *write, const struct sm_waker *waker,
                                         enum sm_poll *out_poll, void **out_value) {
    enum sm_status status = oneshot_typed_write_poll(write, waker, out_poll, out_value);
    if (status == SM_COMPLETED) {
        *out_poll = SM_POLL_READY;
        return SM_OK;
    }
    return status;
}

ONESHOT_MUTANT("ended_write_is_ready_again", ops.typed_write_poll = write_poll_wrongly);
