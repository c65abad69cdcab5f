// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-10. The object is looked up, and counted under the next lock: between the two it goes.
#include "conformance/mutants/handle/base.h"

static enum sm_status acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    struct entry *entry;
    if (table == NULL || handle == 0 || out_value == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&table->mutex);
    enum sm_status status = find(table, handle, &entry);
    status = status == SM_OK && entry->state == REMOVED ? SM_STALE : status;
    void *value = status == SM_OK ? entry->value : NULL;
    pthread_mutex_unlock(&table->mutex);
    for (volatile int i = 0; i < 300; i++) {
    }
    if (status == SM_OK) {
        void *again;
        handle_acquire(table, handle, &again);
        *out_value = value;
    }
    return status;
}

HANDLE_MUTANT("acquire_looks_then_counts", ops.acquire = acquire)
