// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-08. The count of holders is kept, and not asked.
#include "conformance/mutants/handle/base.h"

static enum sm_status remove_at_once(struct sm_handle_table *table, uint64_t handle) {
    struct entry *entry;
    if (table != NULL && handle != 0) {
        pthread_mutex_lock(&table->mutex);
        if (find(table, handle, &entry) == SM_OK) {
            entry->holders = 0;
        }
        pthread_mutex_unlock(&table->mutex);
    }
    return handle_remove(table, handle);
}

HANDLE_MUTANT("remove_drops_while_held", ops.remove = remove_at_once)
