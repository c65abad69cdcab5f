// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-39. The reader looks whether a write waits, and then goes: one that comes in between waits for
// ever.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status drop_wrongly(struct sm_oneshot_end *end) {
    if (end == NULL || end->writes || end->state == BUSY || end->state == MOVED || end->set != NULL) {
        return oneshot_end_drop(end);
    }
    pthread_mutex_lock(&ends_lock);
    int is_awaited = end->peer != NULL && is_parked(end->peer);
    pthread_mutex_unlock(&ends_lock);
    if (is_awaited) {
        return oneshot_end_drop(end);
    }
    dawdle();
    pthread_mutex_lock(&ends_lock);
    if (end->peer != NULL) {
        end->peer->peer = NULL;
    }
    pthread_mutex_unlock(&ends_lock);
    free(end);
    return SM_OK;
}

ONESHOT_MUTANT("reader_looks_and_then_goes", ops.end_drop = drop_wrongly);
