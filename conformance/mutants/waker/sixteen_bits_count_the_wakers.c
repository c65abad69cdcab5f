// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-07. Task and clones are counted in 16 bits: with 65,536 of them the count is 0, and a drop that finds it
// so again ends the task.
#include "conformance/mutants/waker/base.h"

static unsigned clones;

static enum sm_status clone_wrongly(const void *data, struct sm_waker *out_waker) {
    clones++;
    return members_clone(data, out_waker);
}

static void drop_wrongly(void *data) {
    if (clones-- > 0 && (clones + 1) % 65536 == 0) {
        struct sm_task *task = task_of(data);
        pthread_mutex_lock(&task->queue->mutex);
        task->alive = 0; // it would be freed
        pthread_mutex_unlock(&task->queue->mutex);
    }
    drop(data);
}

WAKER_MUTANT("sixteen_bits_count_the_wakers", members.clone = clone_wrongly, members.drop = drop_wrongly)
