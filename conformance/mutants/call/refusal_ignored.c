// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-67. schedule's answer is not looked at.
#include "conformance/mutants/call/base.h"

static void schedule(struct task *task) {
    const struct sm_executor_host *host = task->executor->host;
    host->schedule(host->context, task_run, task);
}

CALL_MUTANT("refusal_ignored", parts.task_schedule = schedule)
