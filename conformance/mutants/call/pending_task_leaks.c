// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-71. A future without a waker is pending for ever.
#include "conformance/mutants/call/base.h"

static void release(struct task *task) {
    if (task->references == 1 && task->box != NULL) {
        return;
    }
    task_release(task);
}

CALL_MUTANT("pending_task_leaks", parts.task_release = release)
