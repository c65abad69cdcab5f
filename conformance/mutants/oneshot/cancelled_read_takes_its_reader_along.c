// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-65. A read that is cancelled is over, and so is its reader (wasmtime #12090).
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_cancel_wrongly(struct sm_typed_read *read, enum sm_poll *out_poll, void **out_value,
                                          struct sm_typed_reader **out_reader) {
    enum sm_status status = oneshot_typed_read_cancel(read, out_poll, out_value, out_reader);
    if (status == SM_OK && *out_poll == SM_POLL_PENDING && read->has_begun) {
        oneshot_typed_drop_reader(*out_reader);
        *out_reader = NULL;
    }
    return status;
}

ONESHOT_MUTANT("cancelled_read_takes_its_reader_along", ops.typed_read_cancel = read_cancel_wrongly);
