// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-65. A wake inside the poll finds the task busy, and leaves nothing.
#include "conformance/mutants/call/base.h"

static void leave(struct task *task) {
    task->woken = 0;
    task_leave(task);
}

CALL_MUTANT("task_wake_inside_poll_lost", parts.task_leave = leave)
