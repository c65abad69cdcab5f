// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks WAKER-20. The waker that is lent is made for the poll.
#include "conformance/mutants/waker/base.h"

static enum sm_status begin(struct sm_task *task, const struct sm_waker **out_waker) {
    enum sm_status status = waker_task_begin(task, out_waker);
    void *volatile made = malloc(sizeof(struct sm_waker));
    free(made);
    return status;
}

WAKER_MUTANT("each_poll_allocates", ops.task_begin = begin)
