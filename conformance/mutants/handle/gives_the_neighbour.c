// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-01. An index that is off by one where the entry is looked up.
#include "conformance/mutants/handle/base.h"

static enum sm_status acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    enum sm_status status = handle_acquire(table, handle, out_value);
    if (status == SM_OK && (handle & 0xffffff) + 1 < table->count) {
        *out_value = table->entries[(handle & 0xffffff) + 1].value;
    }
    return status;
}

HANDLE_MUTANT("gives_the_neighbour", ops.acquire = acquire)
