// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-26. Data has moved, so the operation is over, whether or not it was told.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status drop_wrongly(struct sm_oneshot_end *end) {
    if (end != NULL && end->state == BUSY && end->word != SM_WORD_BLOCKED) {
        end->state = DONE;
    }
    return oneshot_end_drop(end);
}

ONESHOT_MUTANT("end_with_its_word_can_go", ops.end_drop = drop_wrongly);
