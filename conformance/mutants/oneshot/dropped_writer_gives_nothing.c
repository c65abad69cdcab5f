// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-66. A writer that goes unwritten leaves its reader waiting.
#include "conformance/mutants/oneshot/base.h"

static void drop_writer_wrongly(struct sm_typed_writer *writer) {
    if (writer != NULL) {
        consume_writer(writer);
    }
}

ONESHOT_MUTANT("dropped_writer_gives_nothing", ops.typed_drop_writer = drop_writer_wrongly);
