// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-32. A task that is destroyed while it is ready is taken from the queue, and the queue's reference
// stays.
#include "conformance/mutants/waker/base.h"

static enum sm_status destroy(struct sm_task *task) {
    if (task != NULL) {
        pthread_mutex_lock(&task->queue->mutex);
        task->references += !task->polling && task->ready;
        pthread_mutex_unlock(&task->queue->mutex);
    }
    return waker_task_destroy(task);
}

WAKER_MUTANT("woken_task_keeps_a_reference", ops.task_destroy = destroy)
