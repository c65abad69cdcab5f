// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-68. The code of a task is not looked at.
#include "conformance/mutants/call/base.h"

static enum sm_schedule (*given)(void *context, void (*run)(void *data, enum sm_schedule code), void *data);
static void run_anyway(void *data, enum sm_schedule code) {
    (void)code;
    task_run(data, SM_SCHEDULE_SUCCESS);
}
static void schedule(struct task *task) {
    const struct sm_executor_host *host = task->executor->host;
    given = host->schedule;
    if (given(host->context, run_anyway, task) != SM_SCHEDULE_SUCCESS) {
        parts.task_end(task, given_up);
        parts.task_release(task);
    }
}

CALL_MUTANT("cancelled_task_polls", parts.task_schedule = schedule)
