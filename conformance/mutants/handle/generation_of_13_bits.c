// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-11. The generation has fewer bits than is declared: after 8,191 uses the handle is back (sharded-slab).
#include "conformance/mutants/handle/base.h"

static enum sm_status insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    if (table != NULL) {
        pthread_mutex_lock(&table->mutex);
        for (uint32_t i = 0; i < table->count; i++) {
            if (table->entries[i].state == FREE && table->entries[i].generation >= 8191) {
                table->entries[i].generation = 0;
            }
        }
        pthread_mutex_unlock(&table->mutex);
    }
    return handle_insert(table, value, out_handle);
}

HANDLE_MUTANT("generation_of_13_bits", ops.insert = insert)
