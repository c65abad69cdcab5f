// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-73. The task looks whether it was woken, and becomes idle a little later: load, then store.
#include "conformance/mutants/call/base.h"

static void leave(struct task *task) {
    int woken = task->woken;
    for (volatile int i = 0; i < 2000; i++) {
    }
    task->woken = woken;
    task_leave(task);
}

CALL_MUTANT("idle_in_two_steps", parts.task_leave = leave)
