// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-23. A wake asks whether the task is ready, and queues it later: of two, both do.
#include "conformance/mutants/waker/base.h"

static enum sm_status take(struct sm_ready_queue *queue, void **out_token);
static struct sm_task *again;

static void wake_wrongly(const void *data) {
    struct sm_task *task = task_of(data);
    pthread_mutex_lock(&task->queue->mutex);
    int ready = task->ready || task->polling;
    pthread_mutex_unlock(&task->queue->mutex);
    dawdle();
    pthread_mutex_lock(&task->queue->mutex);
    again = !ready && task->ready ? task : again;
    pthread_mutex_unlock(&task->queue->mutex);
    wake_by_ref(data);
}

static enum sm_status take(struct sm_ready_queue *queue, void **out_token) {
    enum sm_status status = waker_queue_take(queue, out_token);
    if (status == SM_EMPTY && again != NULL) {
        *out_token = again->token;
        again = NULL;
        return SM_OK;
    }
    return status;
}

WAKER_MUTANT("wake_looks_and_then_queues", members.wake_by_ref = wake_wrongly, ops.queue_take = take)
