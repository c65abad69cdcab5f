// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-64. A wake asks for a task, whatever is due.
#include "conformance/mutants/call/base.h"

static void wake(struct task *task) {
    pthread_mutex_lock(&task->lock);
    int busy = task->busy && task->box != NULL;
    task->references += (unsigned)busy;
    pthread_mutex_unlock(&task->lock);
    if (busy) {
        task_schedule(task);
    } else {
        task_wake(task);
    }
}

CALL_MUTANT("every_wake_schedules", parts.task_wake = wake)
