// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-62. The reader is gone, so the value is dropped, and the caller, who has it again, drops it once
// more.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_poll_wrongly(struct sm_typed_write *write, const struct sm_waker *waker,
                                         enum sm_poll *out_poll, void **out_value) {
    const struct sm_payload_type *type = write == NULL || write->has_ended ? NULL : write->writer->typed->type;
    enum sm_status status = oneshot_typed_write_poll(write, waker, out_poll, out_value);
    if (status == SM_CLOSED) {
        type->drop(type->context, *out_value);
    }
    return status;
}

ONESHOT_MUTANT("value_goes_with_the_reader", ops.typed_write_poll = write_poll_wrongly);
