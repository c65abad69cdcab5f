// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-25. Nobody is left to read, so nothing is owed (component-model #521).
#include "conformance/mutants/oneshot/base.h"

static enum sm_status drop_wrongly(struct sm_oneshot_end *end) {
    if (end != NULL && end->writes && end->state == IDLE && end->peer == NULL) {
        end->state = DONE;
    }
    return oneshot_end_drop(end);
}

ONESHOT_MUTANT("unwritten_writer_goes_after_its_reader", ops.end_drop = drop_wrongly);
