// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-67. An operation that is dropped gives up its buffer, and what was in it.
#include "conformance/mutants/oneshot/base.h"

static void write_drop_wrongly(struct sm_typed_write *write) {
    enum sm_write_end end;
    void *value;
    struct sm_typed_writer *writer = NULL;
    if (write != NULL && !write->has_ended) {
        oneshot_typed_write_cancel(write, &end, &value, &writer);
        oneshot_typed_drop_writer(writer);
    }
    oneshot_typed_write_drop(write);
}

ONESHOT_MUTANT("dropped_write_leaves_its_value", ops.typed_write_drop = write_drop_wrongly);
