// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-08. Holders are counted in 16 bits: with 65,536 of them the object seems to be held by nobody.
#include "conformance/mutants/handle/base.h"

static enum sm_status acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    enum sm_status status = handle_acquire(table, handle, out_value);
    struct entry *entry;
    if (status == SM_OK) {
        pthread_mutex_lock(&table->mutex);
        if (find(table, handle, &entry) == SM_OK) {
            entry->holders &= 0xffff;
        }
        pthread_mutex_unlock(&table->mutex);
    }
    return status;
}

HANDLE_MUTANT("sixteen_bits_count_the_holders", ops.acquire = acquire)
