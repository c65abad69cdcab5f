// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-04. The upper bits are not compared: a number that looks like a handle is one.
#include "conformance/mutants/handle/base.h"

static enum sm_status acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    enum sm_status status = handle_acquire(table, handle, out_value);
    if (status == SM_UNKNOWN && (handle & 0xffffff) < table->count) {
        *out_value = table->entries[handle & 0xffffff].value;
        return SM_OK;
    }
    return status;
}

HANDLE_MUTANT("forged_index_is_followed", ops.acquire = acquire)
