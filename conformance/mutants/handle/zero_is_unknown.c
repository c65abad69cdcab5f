// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-02. Zero is treated as any number that was never issued.
#include "conformance/mutants/handle/base.h"

static enum sm_status acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    return handle == 0 && table != NULL ? SM_UNKNOWN : handle_acquire(table, handle, out_value);
}

HANDLE_MUTANT("zero_is_unknown", ops.acquire = acquire)
