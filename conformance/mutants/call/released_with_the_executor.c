// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-70. The host is released by destroy, whatever is running still.
#include "conformance/mutants/call/base.h"

static void destroy(struct sm_executor *executor) {
    if (executor != NULL) {
        executor->host->released(executor->host->context);
    }
}
static void release(struct sm_executor *executor) {
    (void)executor;
}

CALL_MUTANT("released_with_the_executor", ops.executor_destroy = destroy, parts.executor_release = release)
