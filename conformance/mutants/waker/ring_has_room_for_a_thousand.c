// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-13. The queue is a ring with room for 1,024 tasks: the next one that is woken is forgotten.
#include "conformance/mutants/waker/base.h"

static void wake_wrongly(const void *data) {
    struct sm_task *task = task_of(data);
    unsigned count = 0;
    pthread_mutex_lock(&task->queue->mutex);
    for (const struct sm_task *ready = task->queue->first; ready != NULL; ready = ready->next) {
        count++;
    }
    pthread_mutex_unlock(&task->queue->mutex);
    if (count < 1024) {
        wake_by_ref(data);
    }
}

WAKER_MUTANT("ring_has_room_for_a_thousand", members.wake_by_ref = wake_wrongly)
