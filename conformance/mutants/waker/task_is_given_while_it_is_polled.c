// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-05. A wake queues the task, and what is queued is given, polled or not.
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

static enum sm_status take_wrongly(struct sm_ready_queue *queue, void **out_token) {
    struct sm_task *task = queue == NULL ? NULL : queue->first;
    int polling = task != NULL && task->polling;
    if (polling) {
        task->polling = 0; // not looked at
    }
    enum sm_status status = waker_queue_take(queue, out_token);
    if (polling) {
        task->polling = 1;
    }
    return status;
}

WAKER_MUTANT("task_is_given_while_it_is_polled", ops.queue_take = take_wrongly, members.wake_by_ref = wake_wrongly)
