// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-65. A cancel that came too late drops the value, since nobody wanted it.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status read_cancel_wrongly(struct sm_typed_read *read, enum sm_poll *out_poll, void **out_value,
                                          struct sm_typed_reader **out_reader) {
    struct typed *typed = read == NULL || read->has_ended ? NULL : read->reader->typed;
    const struct sm_payload_type *type = typed == NULL ? NULL : typed->type;
    enum sm_status status = oneshot_typed_read_cancel(read, out_poll, out_value, out_reader);
    if (status == SM_OK && *out_poll == SM_POLL_READY) {
        type->drop(type->context, *out_value);
        *out_poll = SM_POLL_PENDING;
    }
    return status;
}

ONESHOT_MUTANT("late_cancel_of_a_read_says_pending", ops.typed_read_cancel = read_cancel_wrongly);
