// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-17. What was issued before the table grew is stale after it.
#include "conformance/mutants/handle/base.h"

static enum sm_status insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    uint32_t room = table == NULL ? 0 : table->room;
    enum sm_status status = handle_insert(table, value, out_handle);
    if (status == SM_OK && room >= 4096 && table->room != room) {
        pthread_mutex_lock(&table->mutex);
        table->entries[0].generation++;
        pthread_mutex_unlock(&table->mutex);
    }
    return status;
}

HANDLE_MUTANT("growth_moves_generations", ops.insert = insert)
