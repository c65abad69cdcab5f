// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-76. A run borrows the task, and gives nothing up.
#include "conformance/mutants/call/base.h"

static void end(struct task *task, struct result result) {
    task->references++;
    task_end(task, result);
}

CALL_MUTANT("task_keeps_a_reference", parts.task_end = end)
