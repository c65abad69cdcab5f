// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-03. The mark is looked at by remove alone: as long as somebody holds the object it is found.
#include "conformance/mutants/handle/base.h"

static enum sm_status acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    enum sm_status status = handle_acquire(table, handle, out_value);
    struct entry *entry;
    if (status == SM_STALE) {
        pthread_mutex_lock(&table->mutex);
        if (find(table, handle, &entry) == SM_OK) {
            entry->holders++;
            *out_value = entry->value;
            status = SM_OK;
        }
        pthread_mutex_unlock(&table->mutex);
    }
    return status;
}

HANDLE_MUTANT("removed_is_lent_while_held", ops.acquire = acquire)
