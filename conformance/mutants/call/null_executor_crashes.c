// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-77. The executor is used without a look.
#include "conformance/mutants/call/base.h"

static void destroy(struct sm_executor *executor) {
    parts.executor_release(executor);
}

CALL_MUTANT("null_executor_crashes", ops.executor_destroy = destroy)
