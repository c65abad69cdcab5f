// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-42. An end that is in a set is told by that one, whichever it joins later.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status join_wrongly(struct sm_oneshot_set *set, struct sm_oneshot_end *end, void *token) {
    return set != NULL && end != NULL && end->set != NULL ? SM_OK : oneshot_set_join(set, end, token);
}

ONESHOT_MUTANT("end_stays_in_its_first_set", ops.set_join = join_wrongly);
