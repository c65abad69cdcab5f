// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-71. A buffer of no bytes is taken for a mistake.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status create_wrongly(const struct sm_payload_type *type, struct sm_typed_writer **out_writer,
                                     struct sm_typed_reader **out_reader) {
    int is_empty = type != NULL && type->buffer_size == 0;
    return is_empty ? SM_INVALID : oneshot_typed_create(type, out_writer, out_reader);
}

ONESHOT_MUTANT("type_of_no_bytes_is_refused", ops.typed_create = create_wrongly);
