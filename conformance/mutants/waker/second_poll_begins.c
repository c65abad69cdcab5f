// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-15. Nobody looks whether a poll is under way.
#include "conformance/mutants/waker/base.h"

static enum sm_status begin(struct sm_task *task, const struct sm_waker **out_waker) {
    enum sm_status status = waker_task_begin(task, out_waker);
    if (status == SM_BUSY) {
        *out_waker = &task->lent;
        return SM_OK;
    }
    return status;
}

WAKER_MUTANT("second_poll_begins", ops.task_begin = begin)
