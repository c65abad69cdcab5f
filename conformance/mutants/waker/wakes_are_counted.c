// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-02. A semaphore: two wakes make two turns, as in UniFFI #1514.
#include "conformance/mutants/waker/base.h"

static struct sm_task *again;

static void wake_wrongly(const void *data) {
    struct sm_task *task = task_of(data);
    pthread_mutex_lock(&task->queue->mutex);
    again = task->ready ? task : again;
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

WAKER_MUTANT("wakes_are_counted", members.wake_by_ref = wake_wrongly, ops.queue_take = take)
