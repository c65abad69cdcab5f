// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-23. task_end reads what was woken, and clears it later: a wake between is lost.
#include "conformance/mutants/waker/base.h"

static enum sm_status end(struct sm_task *task, enum sm_rearm *out_rearm) {
    if (task == NULL || out_rearm == NULL || !task->polling) {
        return waker_task_end(task, out_rearm);
    }
    pthread_mutex_lock(&task->queue->mutex);
    int woken = task->woken;
    pthread_mutex_unlock(&task->queue->mutex);
    dawdle();
    pthread_mutex_lock(&task->queue->mutex);
    task->woken = woken;
    pthread_mutex_unlock(&task->queue->mutex);
    return waker_task_end(task, out_rearm);
}

WAKER_MUTANT("end_looks_and_then_clears", ops.task_end = end)
