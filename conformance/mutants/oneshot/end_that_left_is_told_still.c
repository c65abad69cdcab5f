// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-43. Joining none is joining nothing: the end stays where it was.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status join_wrongly(struct sm_oneshot_set *set, struct sm_oneshot_end *end, void *token) {
    return set == NULL && end != NULL ? SM_OK : oneshot_set_join(set, end, token);
}

ONESHOT_MUTANT("end_that_left_is_told_still", ops.set_join = join_wrongly);
