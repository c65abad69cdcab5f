// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-18. The object is dropped while the table is locked (UniFFI #2923).
#include "conformance/mutants/handle/base.h"

static enum sm_status remove_locked(struct sm_handle_table *table, uint64_t handle) {
    struct entry *entry;
    void *value;
    if (table == NULL || handle == 0) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&table->mutex);
    enum sm_status status = find(table, handle, &entry);
    status = status == SM_OK && entry->state == REMOVED ? SM_STALE : status;
    if (status == SM_OK) {
        entry->state = REMOVED;
        table->live--;
        if (settle(table, entry, &value)) {
            table->type->drop(table->type->context, value);
        }
    }
    pthread_mutex_unlock(&table->mutex);
    return status;
}

HANDLE_MUTANT("drops_under_lock", ops.remove = remove_locked)
