// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-74. "It was moved, so there is nothing to free": an end is more than what it was.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status drop_wrongly(struct sm_oneshot_end *end) {
    return end != NULL && end->state == MOVED ? SM_OK : oneshot_end_drop(end);
}

ONESHOT_MUTANT("transferred_end_is_left", ops.end_drop = drop_wrongly);
