// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-15. task_destroy ends the poll, too.
#include "conformance/mutants/waker/base.h"

static enum sm_status destroy(struct sm_task *task) {
    enum sm_rearm rearm;
    enum sm_status status = waker_task_destroy(task);
    if (status == SM_BUSY) {
        waker_task_end(task, &rearm);
        return waker_task_destroy(task);
    }
    return status;
}

WAKER_MUTANT("task_goes_inside_its_poll", ops.task_destroy = destroy)
