// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-08. The last holder is to drop, and no path does.
#include "conformance/mutants/handle/base.h"

static enum sm_status release(struct sm_handle_table *table, uint64_t handle) {
    struct entry *entry;
    if (table == NULL || handle == 0) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&table->mutex);
    enum sm_status status = find(table, handle, &entry);
    if (status == SM_OK && entry->holders == 0) {
        status = SM_IDLE;
    }
    if (status == SM_OK) {
        entry->holders--;
    }
    pthread_mutex_unlock(&table->mutex);
    return status;
}

static void borrow_end(struct sm_handle_table *table, uint64_t handle) {
    release(table, handle);
}

HANDLE_MUTANT("release_never_drops", ops.release = release; ops.borrow_end = borrow_end)
