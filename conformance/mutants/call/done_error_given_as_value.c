// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-63. done says OK where it has something to give.
#include "conformance/mutants/call/base.h"

static void end(struct task *task, struct result result) {
    result.status = result.status == SM_FAILED ? SM_OK : result.status;
    task_end(task, result);
}

CALL_MUTANT("done_error_given_as_value", parts.task_end = end)
