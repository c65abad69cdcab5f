// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-19. One record for the waker of the poll that is under way: wit-bindgen commit 30be75ef.
#include "conformance/mutants/waker/base.h"

static _Thread_local struct sm_waker current;

static enum sm_status begin(struct sm_task *task, const struct sm_waker **out_waker) {
    enum sm_status status = waker_task_begin(task, out_waker);
    if (status == SM_OK) {
        current = **out_waker;
        *out_waker = &current;
    }
    return status;
}

WAKER_MUTANT("nested_poll_overwrites_the_waker", ops.task_begin = begin)
