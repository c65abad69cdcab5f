// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-64. The value comes back, the writer does not: it goes, and its default is delivered.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_cancel_wrongly(struct sm_typed_write *write, enum sm_write_end *out_end, void **out_value,
                                           struct sm_typed_writer **out_writer) {
    enum sm_status status = oneshot_typed_write_cancel(write, out_end, out_value, out_writer);
    if (status == SM_OK && *out_end == SM_WRITE_CANCELLED && write->has_begun) {
        oneshot_typed_drop_writer(*out_writer);
        *out_writer = NULL;
    }
    return status;
}

ONESHOT_MUTANT("cancelled_write_takes_its_writer_along", ops.typed_write_cancel = write_cancel_wrongly);
