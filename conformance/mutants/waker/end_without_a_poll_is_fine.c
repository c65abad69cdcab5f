// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-15. Nobody looks whether a poll is under way.
#include "conformance/mutants/waker/base.h"

static enum sm_status end(struct sm_task *task, enum sm_rearm *out_rearm) {
    enum sm_status status = waker_task_end(task, out_rearm);
    if (status == SM_IDLE) {
        *out_rearm = SM_REARM_NONE;
        return SM_OK;
    }
    return status;
}

WAKER_MUTANT("end_without_a_poll_is_fine", ops.task_end = end)
