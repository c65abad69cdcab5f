// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-22. What is not there is not being polled, it seems.
#include "conformance/mutants/waker/base.h"

static enum sm_status end(struct sm_task *task, enum sm_rearm *out_rearm) {
    return task == NULL ? SM_IDLE : waker_task_end(task, out_rearm);
}

WAKER_MUTANT("null_task_is_idle", ops.task_end = end)
