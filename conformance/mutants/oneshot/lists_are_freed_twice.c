// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-61. The side that sent the value frees its lists, and so does the operation when it is dropped.
#include "conformance/mutants/oneshot/base.h"

static const struct sm_payload_type *freed_last;

static enum sm_status create_and_keep_the_type(const struct sm_payload_type *type, struct sm_typed_writer **out_writer,
                                               struct sm_typed_reader **out_reader) {
    freed_last = type;
    return oneshot_typed_create(type, out_writer, out_reader);
}

static void write_drop_wrongly(struct sm_typed_write *write) {
    if (write != NULL && write->has_ended && write->meeting == MET) {
        freed_last->free_lists(freed_last->context, write->buffer);
    }
    oneshot_typed_write_drop(write);
}

ONESHOT_MUTANT("lists_are_freed_twice", ops.typed_create = create_and_keep_the_type,
               ops.typed_write_drop = write_drop_wrongly);
