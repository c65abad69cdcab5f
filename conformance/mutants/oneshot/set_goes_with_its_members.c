// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-46. A set is destroyed when it is told to be; its members are in none, then.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status destroy_wrongly(struct sm_oneshot_set *set) {
    while (set != NULL && set->members != NULL) {
        leave_set(set->members);
    }
    return oneshot_set_destroy(set);
}

ONESHOT_MUTANT("set_goes_with_its_members", ops.set_destroy = destroy_wrongly);
