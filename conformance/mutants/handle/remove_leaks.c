// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-07. The entry is freed and the object forgotten (sharded-slab #18).
#include "conformance/mutants/handle/base.h"

static void forget(void *context, void *value) {
    (void)context;
    (void)value;
}

static enum sm_status remove_only(struct sm_handle_table *table, uint64_t handle) {
    static struct sm_value_type forgetful = {sizeof forgetful, NULL, forget, NULL};
    if (table == NULL) {
        return SM_INVALID;
    }
    const struct sm_value_type *kept = table->type;
    table->type = &forgetful;
    enum sm_status status = handle_remove(table, handle);
    table->type = kept;
    return status;
}

HANDLE_MUTANT("remove_leaks", ops.remove = remove_only)
