// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-03. Who is being polled need not be woken, it seems: UniFFI #1785.
#include "conformance/mutants/waker/base.h"

static void wake_wrongly(const void *data) {
    struct sm_task *task = task_of(data);
    pthread_mutex_lock(&task->queue->mutex);
    int polling = task->polling;
    pthread_mutex_unlock(&task->queue->mutex);
    if (!polling) {
        wake_by_ref(data);
    }
}

WAKER_MUTANT("wake_inside_the_poll_is_lost", members.wake_by_ref = wake_wrongly)
