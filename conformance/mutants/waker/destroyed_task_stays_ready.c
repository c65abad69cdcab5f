// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-11. Destroying a task gives up its memory and not its place.
#include "conformance/mutants/waker/base.h"

static enum sm_status destroy(struct sm_task *task) {
    if (task == NULL) {
        return SM_OK;
    }
    pthread_mutex_lock(&task->queue->mutex);
    int ready = task->ready;
    task->alive = !ready && task->alive;
    pthread_mutex_unlock(&task->queue->mutex);
    if (!ready) {
        return waker_task_destroy(task);
    }
    release_task(task);
    return SM_OK;
}

WAKER_MUTANT("destroyed_task_stays_ready", ops.task_destroy = destroy)
