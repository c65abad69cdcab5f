// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-12. The queue goes with queue_destroy, whoever has references to it.
#include "conformance/mutants/waker/base.h"

static void destroy(struct sm_ready_queue *queue) {
    if (queue != NULL) {
        queue->references++; // its memory stays, for a crash that is the same each time
        waker_queue_destroy(queue);
        queue->last = NULL;
    }
}

static void wake_wrongly(const void *data) {
    **task_of(data)->queue->last = (struct sm_task){0};
    wake_by_ref(data);
}

WAKER_MUTANT("wakers_need_their_queue", ops.queue_destroy = destroy, members.wake_by_ref = wake_wrongly)
