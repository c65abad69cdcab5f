// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-44. Who waits for a set is told of what becomes ready in it, not of what joins it ready.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status join_wrongly(struct sm_oneshot_set *set, struct sm_oneshot_end *end, void *token) {
    struct sm_waker waker = {NULL, NULL};
    if (set != NULL) {
        waker = out_of(&set->waker);
    }
    enum sm_status status = oneshot_set_join(set, end, token);
    if (set != NULL) {
        set->waker = waker;
    }
    return status;
}

ONESHOT_MUTANT("ready_end_that_joins_wakes_nobody", ops.set_join = join_wrongly);
