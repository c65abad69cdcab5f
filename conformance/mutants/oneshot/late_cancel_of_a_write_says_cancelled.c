// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-63. Cancelled is cancelled: what the reader has is not asked (wit-bindgen #1177).
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_cancel_wrongly(struct sm_typed_write *write, enum sm_write_end *out_end, void **out_value,
                                           struct sm_typed_writer **out_writer) {
    enum sm_status status = oneshot_typed_write_cancel(write, out_end, out_value, out_writer);
    if (status == SM_OK) {
        *out_end = SM_WRITE_CANCELLED;
    }
    return status;
}

ONESHOT_MUTANT("late_cancel_of_a_write_says_cancelled", ops.typed_write_cancel = write_cancel_wrongly);
