// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-70. An executor and its tasks are counted in a byte: with 256 of them the count is 0, and the end of a
// task that finds it so again releases the host.
#include "conformance/mutants/call/base.h"

static void release(struct sm_executor *executor) {
    pthread_mutex_lock(&executor->lock);
    const struct sm_executor_host *host = executor->host;
    int seems_last = executor->references > 1 && (executor->references - 1) % 256 == 0;
    pthread_mutex_unlock(&executor->lock);
    if (seems_last) {
        host->released(host->context);
    }
    executor_release(executor);
}

CALL_MUTANT("byte_counts_the_tasks", parts.executor_release = release)
