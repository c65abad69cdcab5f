// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-25. A writer is dropped like anything else, and the reader waits for ever.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status drop_wrongly(struct sm_oneshot_end *end) {
    if (end != NULL && end->writes && end->state == IDLE && end->peer != NULL) {
        end->state = DONE;
        end->peer->peer = NULL;
        end->peer = NULL;
    }
    return oneshot_end_drop(end);
}

ONESHOT_MUTANT("unwritten_writer_goes", ops.end_drop = drop_wrongly);
