// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-46. A set that somebody waits for goes, and the one who waits is not told.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status destroy_wrongly(struct sm_oneshot_set *set) {
    if (set != NULL && set->members == NULL) {
        give_up(out_of(&set->waker));
    }
    return oneshot_set_destroy(set);
}

ONESHOT_MUTANT("set_goes_with_its_waker", ops.set_destroy = destroy_wrongly);
