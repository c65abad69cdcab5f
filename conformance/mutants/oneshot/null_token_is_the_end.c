// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-40. A token that is NULL is taken for none, and the end stands in for it.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status join_wrongly(struct sm_oneshot_set *set, struct sm_oneshot_end *end, void *token) {
    return oneshot_set_join(set, end, token == NULL ? end : token);
}

ONESHOT_MUTANT("null_token_is_the_end", ops.set_join = join_wrongly);
