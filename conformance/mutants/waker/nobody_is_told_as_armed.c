// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-04. Whoever is pending has kept the waker, it seems.
#include "conformance/mutants/waker/base.h"

static enum sm_status end(struct sm_task *task, enum sm_rearm *out_rearm) {
    enum sm_status status = waker_task_end(task, out_rearm);
    if (status == SM_OK && *out_rearm == SM_REARM_NONE) {
        *out_rearm = SM_REARM_ARMED;
    }
    return status;
}

WAKER_MUTANT("nobody_is_told_as_armed", ops.task_end = end)
