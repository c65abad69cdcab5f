// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-47. An end must be taken out of its set before it can be dropped.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status drop_wrongly(struct sm_oneshot_end *end) {
    return end != NULL && end->set != NULL && end->state != BUSY ? SM_JOINED : oneshot_end_drop(end);
}

ONESHOT_MUTANT("member_cannot_go", ops.end_drop = drop_wrongly);
