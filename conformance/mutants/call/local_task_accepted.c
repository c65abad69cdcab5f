// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-77. The form is not looked at: the future runs wherever the host does.
#include "conformance/mutants/call/base.h"

static enum sm_status spawn(struct sm_executor *executor, const struct sm_future_source *source,
                            const struct sm_value_type *type,
                            void (*done)(void *data, enum sm_status status, void *value), void *data) {
    if (source == NULL) {
        return SM_INVALID;
    }
    struct sm_future_source sendable = *source;
    sendable.form = SM_FORM_SENDABLE;
    return executor_spawn(executor, &sendable, type, done, data);
}

CALL_MUTANT("local_task_accepted", ops.executor_spawn = spawn)
