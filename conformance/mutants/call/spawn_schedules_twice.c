// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-62. The host is asked again, in case the first request got lost.
#include "conformance/mutants/call/base.h"

static void schedule_twice(struct task *task) {
    struct sm_executor *executor = task->executor;
    static struct sm_executor *seen;
    if (seen != executor) {
        seen = executor;
        task->references++;
        task_schedule(task);
    }
    task_schedule(task);
}

CALL_MUTANT("spawn_schedules_twice", parts.task_schedule = schedule_twice)
