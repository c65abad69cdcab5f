// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-69. A task that is over is idle, and a wake has it run.
#include "conformance/mutants/call/base.h"

static void end(struct task *task, struct result result) {
    task_end(task, result);
    task->busy = 0;
}
static void schedule(struct task *task) {
    const struct sm_executor_host *host = task->executor->host;
    if (task->box != NULL) {
        task_schedule(task);
    } else {
        host->schedule(host->context, task_run, task);
    }
}

CALL_MUTANT("ended_task_is_scheduled", parts.task_end = end, parts.task_schedule = schedule)
