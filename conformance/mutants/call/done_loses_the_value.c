// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-63. done is told that it is over; what came of it is dropped with the task.
#include "conformance/mutants/call/base.h"

static void end(struct task *task, struct result result) {
    result.value = NULL;
    task_end(task, result);
}

CALL_MUTANT("done_loses_the_value", parts.task_end = end)
