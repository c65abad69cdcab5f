// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-60. The value goes into the buffer when the write is made, polled or not.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status write_wrongly(struct sm_typed_writer *writer, void *value, struct sm_typed_write **out_write) {
    enum sm_status status = oneshot_typed_write(writer, value, out_write);
    if (status == SM_OK) {
        const struct sm_payload_type *type = writer->typed->type;
        type->lower(type->context, value, (*out_write)->buffer);
        (*out_write)->value = type->lift(type->context, (*out_write)->buffer);
    }
    return status;
}

ONESHOT_MUTANT("value_is_lowered_at_once", ops.typed_write = write_wrongly);
