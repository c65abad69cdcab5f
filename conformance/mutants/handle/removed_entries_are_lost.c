// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-06. What was removed is never used again: the table fills up (wasmtime #13514).
#include "conformance/mutants/handle/base.h"

static enum sm_status remove_for_good(struct sm_handle_table *table, uint64_t handle) {
    enum sm_status status = handle_remove(table, handle);
    if (status == SM_OK) {
        pthread_mutex_lock(&table->mutex);
        table->first_free = 0;
        pthread_mutex_unlock(&table->mutex);
    }
    return status;
}

HANDLE_MUTANT("removed_entries_are_lost", ops.remove = remove_for_good)
