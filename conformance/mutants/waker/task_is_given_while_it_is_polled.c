// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-05. A wake queues the task, polled or not.
#include "conformance/mutants/waker/base.h"

static void wake_wrongly(const void *data) {
    struct sm_task *task = task_of(data);
    pthread_mutex_lock(&task->queue->mutex);
    if (task->polling && task->alive && !task->ready) {
        make_ready(task);
    }
    pthread_mutex_unlock(&task->queue->mutex);
    wake_by_ref(data);
}

WAKER_MUTANT("task_is_given_while_it_is_polled", members.wake_by_ref = wake_wrongly)
