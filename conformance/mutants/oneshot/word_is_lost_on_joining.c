// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-42. A word that is there already is nobody's event: a set tells what comes later.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status join_wrongly(struct sm_oneshot_set *set, struct sm_oneshot_end *end, void *token) {
    enum sm_status status = oneshot_set_join(set, end, token);
    if (status == SM_OK && set != NULL && end->state == BUSY && end->word != SM_WORD_BLOCKED) {
        end->state = DONE;
    }
    return status;
}

ONESHOT_MUTANT("word_is_lost_on_joining", ops.set_join = join_wrongly);
