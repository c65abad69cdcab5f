// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-66. A task that has once been busy stays so.
#include "conformance/mutants/call/base.h"

static void leave(struct task *task) {
    int woken = task->woken;
    task->references++;
    task_leave(task);
    task->busy = 1;
    if (!woken) {
        task_release(task);
    } else {
        task->references--;
    }
}

CALL_MUTANT("idle_wake_lost", parts.task_leave = leave)
