// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-62. The first poll is made by spawn: perhaps there is nothing to schedule.
#include "conformance/mutants/call/base.h"

static void poll_first(struct task *task) {
    if (!task->woken && task->references == 1) {
        task->woken = 1;
        task_run(task, SM_SCHEDULE_SUCCESS);
    } else {
        task_schedule(task);
    }
}

CALL_MUTANT("spawn_polls", parts.task_schedule = poll_first)
