// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-72. The host is asked before the lock of the task is given up.
#include "conformance/mutants/call/base.h"

static void wake(struct task *task) {
    pthread_mutex_lock(&task->lock);
    int idle = !task->busy;
    task->busy = 1;
    task->woken = 1;
    task->references += (unsigned)idle;
    if (idle) {
        const struct sm_executor_host *host = task->executor->host;
        if (host->schedule(host->context, task_run, task) != SM_SCHEDULE_SUCCESS) {
            task->references--;
            pthread_mutex_unlock(&task->lock);
            parts.task_end(task, given_up);
            return;
        }
    }
    pthread_mutex_unlock(&task->lock);
}

CALL_MUTANT("schedule_called_under_lock", parts.task_wake = wake)
