// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-67. What cannot be scheduled is run where it stands.
#include "conformance/mutants/call/base.h"

static void schedule(struct task *task) {
    const struct sm_executor_host *host = task->executor->host;
    if (host->schedule(host->context, task_run, task) != SM_SCHEDULE_SUCCESS) {
        task_run(task, SM_SCHEDULE_SUCCESS);
    }
}

CALL_MUTANT("refused_task_runs_at_once", parts.task_schedule = schedule)
