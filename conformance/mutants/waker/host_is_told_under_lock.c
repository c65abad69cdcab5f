// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-10. The notice comes before the unlock.
#include "conformance/mutants/waker/base.h"

static void wake_wrongly(const void *data) {
    struct sm_task *task = task_of(data);
    pthread_mutex_lock(&task->queue->mutex);
    if (task->alive && task->polling) {
        task->woken = 1;
    } else if (task->alive && !task->ready) {
        notify(task->queue, make_ready(task));
    }
    pthread_mutex_unlock(&task->queue->mutex);
}

WAKER_MUTANT("host_is_told_under_lock", members.wake_by_ref = wake_wrongly)
