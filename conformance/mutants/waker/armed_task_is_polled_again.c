// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-04. A poll loop: what is pending is queued at once.
#include "conformance/mutants/waker/base.h"

static enum sm_status end(struct sm_task *task, enum sm_rearm *out_rearm) {
    enum sm_status status = waker_task_end(task, out_rearm);
    if (status == SM_OK && *out_rearm == SM_REARM_ARMED) {
        wake_by_ref(task);
    }
    return status;
}

WAKER_MUTANT("armed_task_is_polled_again", ops.task_end = end)
