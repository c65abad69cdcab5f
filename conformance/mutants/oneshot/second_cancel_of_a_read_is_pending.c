// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-68. A read that was cancelled is cancelled again.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_cancel_wrongly(struct sm_typed_read *read, enum sm_poll *out_poll, void **out_value,
                                          struct sm_typed_reader **out_reader) {
    enum sm_status status = oneshot_typed_read_cancel(read, out_poll, out_value, out_reader);
    if (status == SM_COMPLETED) {
        *out_poll = SM_POLL_PENDING;
        return SM_OK;
    }
    return status;
}

ONESHOT_MUTANT("second_cancel_of_a_read_is_pending", ops.typed_read_cancel = read_cancel_wrongly);
