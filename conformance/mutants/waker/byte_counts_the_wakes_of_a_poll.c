// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-03. What is woken in a poll is counted, in a byte: 256 wakes are none.
#include "conformance/mutants/waker/base.h"

static void wake_wrongly(const void *data) {
    struct sm_task *task = task_of(data);
    pthread_mutex_lock(&task->queue->mutex);
    int counted = task->alive && task->polling;
    if (counted) {
        task->woken = (task->woken + 1) % 256;
    }
    pthread_mutex_unlock(&task->queue->mutex);
    if (!counted) {
        wake_by_ref(data);
    }
}

WAKER_MUTANT("byte_counts_the_wakes_of_a_poll", members.wake_by_ref = wake_wrongly)
