// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-06. The mark falls when the poll begins, not when the task is taken.
#include "conformance/mutants/waker/base.h"

static struct sm_task *taken;

static enum sm_status take(struct sm_ready_queue *queue, void **out_token) {
    if (queue != NULL && out_token != NULL) {
        pthread_mutex_lock(&queue->mutex);
        taken = queue->first != NULL ? queue->first : taken;
        pthread_mutex_unlock(&queue->mutex);
    }
    return waker_queue_take(queue, out_token);
}

static enum sm_status begin(struct sm_task *task, const struct sm_waker **out_waker) {
    taken = taken == task ? NULL : taken;
    return waker_task_begin(task, out_waker);
}

static void wake_wrongly(const void *data) {
    if (taken != data) {
        wake_by_ref(data);
    }
}

WAKER_MUTANT("wake_before_the_poll_is_lost", ops.queue_take = take, ops.task_begin = begin,
             members.wake_by_ref = wake_wrongly)
