// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-11. A waker does not ask whether the task is alive.
#include "conformance/mutants/waker/base.h"

static void wake_wrongly(const void *data) {
    struct sm_task *task = task_of(data);
    pthread_mutex_lock(&task->queue->mutex);
    if (!task->alive && !task->ready) {
        make_ready(task);
    }
    pthread_mutex_unlock(&task->queue->mutex);
    wake_by_ref(data);
}

WAKER_MUTANT("wakers_revive_their_task", members.wake_by_ref = wake_wrongly)
