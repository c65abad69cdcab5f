// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-27. Under load, the third to remove forgets.
#include "conformance/mutants/handle/base.h"

static void forget(void *context, void *value) {
    (void)context;
    (void)value;
}

static enum sm_status remove_forgetfully(struct sm_handle_table *table, uint64_t handle) {
    static const struct sm_value_type forgetful = {sizeof forgetful, NULL, forget, NULL};
    static _Thread_local unsigned removals;
    static const struct sm_value_type *kept;
    if (table == NULL || handle == 0 || ++removals % 64 != 0) {
        return handle_remove(table, handle);
    }
    kept = table->type;
    table->type = &forgetful;
    enum sm_status status = handle_remove(table, handle);
    table->type = kept;
    return status;
}

HANDLE_MUTANT("mixed_use_leaks_some", ops.remove = remove_forgetfully)
