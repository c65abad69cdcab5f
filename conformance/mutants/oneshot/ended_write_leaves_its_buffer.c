// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-74. The buffer is freed where dropping cancels, and not where the write has ended before.
#include "conformance/mutants/oneshot/base.h"

static void drop_wrongly(struct sm_typed_write *write) {
    if (write != NULL && write->has_ended) {
        write->buffer = NULL;
    }
    oneshot_typed_write_drop(write);
}

ONESHOT_MUTANT("ended_write_leaves_its_buffer", ops.typed_write_drop = drop_wrongly);
