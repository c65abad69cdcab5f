// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-09. Whether it was removed already is asked under one lock, and the mark is made under the next.
#include "conformance/mutants/handle/base.h"

static enum sm_status remove_in_two_steps(struct sm_handle_table *table, uint64_t handle) {
    struct entry *entry;
    if (table == NULL || handle == 0) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&table->mutex);
    enum sm_status status = find(table, handle, &entry);
    status = status == SM_OK && entry->state == REMOVED ? SM_STALE : status;
    pthread_mutex_unlock(&table->mutex);
    for (volatile int i = 0; i < 300; i++) {
    }
    if (status == SM_OK) {
        handle_remove(table, handle);
    }
    return status;
}

HANDLE_MUTANT("remove_looks_then_marks", ops.remove = remove_in_two_steps)
