// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-29. The out-parameter is cleared first.
#include "conformance/mutants/handle/base.h"

static enum sm_status acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    if (out_value != NULL) {
        *out_value = NULL;
    }
    return handle_acquire(table, handle, out_value);
}

HANDLE_MUTANT("refused_acquire_writes_null", ops.acquire = acquire)
