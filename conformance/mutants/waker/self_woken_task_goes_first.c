// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-14. Ready now means now: the task overtakes all others.
#include "conformance/mutants/waker/base.h"

static enum sm_status end(struct sm_task *task, enum sm_rearm *out_rearm) {
    enum sm_status status = waker_task_end(task, out_rearm);
    if (status == SM_OK && *out_rearm == SM_REARM_NOW) {
        struct sm_ready_queue *queue = task->queue;
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
    return status;
}

WAKER_MUTANT("self_woken_task_goes_first", ops.task_end = end)
