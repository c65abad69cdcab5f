// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-09. The notice comes before the question whether the task is ready already.
#include "conformance/mutants/waker/base.h"

static void wake_wrongly(const void *data) {
    struct sm_task *task = task_of(data);
    pthread_mutex_lock(&task->queue->mutex);
    int again = task->alive && task->ready;
    pthread_mutex_unlock(&task->queue->mutex);
    wake_by_ref(data);
    notify(task->queue, again);
}

WAKER_MUTANT("each_wake_is_told", members.wake_by_ref = wake_wrongly)
