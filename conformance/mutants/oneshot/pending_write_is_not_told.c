// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-23. A reader goes without a word to the write that waits for it.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status drop_wrongly(struct sm_oneshot_end *end) {
    if (end != NULL && !end->writes && end->state != BUSY) {
        pthread_mutex_lock(&ends_lock);
        if (end->peer != NULL && is_parked(end->peer)) {
            end->peer->peer = NULL;
            end->peer = NULL;
        }
        pthread_mutex_unlock(&ends_lock);
    }
    return oneshot_end_drop(end);
}

ONESHOT_MUTANT("pending_write_is_not_told", ops.end_drop = drop_wrongly);
