// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-75. The future goes with the task, after its end was told.
#include "conformance/mutants/call/base.h"

static void end(struct task *task, struct result result) {
    struct box *box = task->box;
    task->box = NULL;
    task->done(task->data, result.status, result.value);
    box_destroy(box);
    parts.executor_release(task->executor);
}

CALL_MUTANT("future_dropped_after_done", parts.task_end = end)
