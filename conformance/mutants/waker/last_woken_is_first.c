// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-13. A stack was simpler than a queue.
#include "conformance/mutants/waker/base.h"

static void wake_wrongly(const void *data) {
    struct sm_task *task = task_of(data);
    struct sm_ready_queue *queue = task->queue;
    wake_by_ref(data);
    pthread_mutex_lock(&queue->mutex);
    if (task->ready && queue->first != task) {
        unlink_task(task);
        task->ready = 1;
        task->references++;
        task->next = queue->first;
        queue->first = task;
    }
    pthread_mutex_unlock(&queue->mutex);
}

WAKER_MUTANT("last_woken_is_first", members.wake_by_ref = wake_wrongly)
