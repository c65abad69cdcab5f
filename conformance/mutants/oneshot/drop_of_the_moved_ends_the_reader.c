// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-32. The old object goes, and tells the writer that the reader has.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status drop_wrongly(struct sm_oneshot_end *end) {
    struct sm_oneshot_end *writer = end != NULL && end->state == MOVED ? end->peer : NULL;
    enum sm_status status = oneshot_end_drop(end);
    if (writer != NULL && writer->peer != NULL) {
        writer->peer = NULL;
    }
    return status;
}

ONESHOT_MUTANT("drop_of_the_moved_ends_the_reader", ops.end_drop = drop_wrongly);
