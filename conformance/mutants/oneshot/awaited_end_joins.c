// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-45. The set takes the event from whoever waits for it.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status join_wrongly(struct sm_oneshot_set *set, struct sm_oneshot_end *end, void *token) {
    if (end != NULL && set != NULL && end->state == BUSY) {
        give_up(take_end_waker(end));
    }
    return oneshot_set_join(set, end, token);
}

ONESHOT_MUTANT("awaited_end_joins", ops.set_join = join_wrongly);
