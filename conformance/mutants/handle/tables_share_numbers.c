// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-05. The table is not part of the handle (UniFFI #2957).
#include "conformance/mutants/handle/base.h"

static enum sm_status acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    if (table != NULL && handle != 0 && out_value != NULL) {
        handle = (handle & ~(((UINT64_C(1) << TABLE_BITS) - 1) << INDEX_BITS)) | table->number << INDEX_BITS;
    }
    return handle_acquire(table, handle, out_value);
}

HANDLE_MUTANT("tables_share_numbers", ops.acquire = acquire)
