// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-09. task_end forgets the notice that a wake gives.
#include "conformance/mutants/waker/base.h"

static enum sm_status end(struct sm_task *task, enum sm_rearm *out_rearm) {
    if (task == NULL) {
        return SM_INVALID;
    }
    void (*notify_host)(void *context) = task->queue->notify;
    task->queue->notify = NULL;
    enum sm_status status = waker_task_end(task, out_rearm);
    task->queue->notify = notify_host;
    return status;
}

WAKER_MUTANT("host_is_not_told_inside_a_poll", ops.task_end = end)
