// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-70. The executor is given up before the end is told.
#include "conformance/mutants/call/base.h"

static void end(struct task *task, struct result result) {
    struct box *box = task->box;
    task->box = NULL;
    box_destroy(box);
    parts.executor_release(task->executor);
    task->done(task->data, result.status, result.value);
}

CALL_MUTANT("released_before_done", parts.task_end = end)
