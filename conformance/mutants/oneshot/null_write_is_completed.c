// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-70. What is not there has ended.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_poll_wrongly(struct sm_typed_write *write, const struct sm_waker *waker,
                                         enum sm_poll *out_poll, void **out_value) {
    return write == NULL ? SM_COMPLETED : oneshot_typed_write_poll(write, waker, out_poll, out_value);
}

ONESHOT_MUTANT("null_write_is_completed", ops.typed_write_poll = write_poll_wrongly);
