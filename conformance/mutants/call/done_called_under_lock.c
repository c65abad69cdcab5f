// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-72. done is called while the executor is being changed.
#include "conformance/mutants/call/base.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void end(struct task *task, struct result result) {
    pthread_mutex_lock(&lock);
    task_end(task, result);
    pthread_mutex_unlock(&lock);
}
static enum sm_status spawn(struct sm_executor *executor, const struct sm_future_source *source,
                            const struct sm_value_type *type,
                            void (*done)(void *data, enum sm_status status, void *value), void *data) {
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return executor_spawn(executor, source, type, done, data);
}

CALL_MUTANT("done_called_under_lock", parts.task_end = end, ops.executor_spawn = spawn)
