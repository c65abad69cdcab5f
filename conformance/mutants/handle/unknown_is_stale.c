// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-04. Whatever does not match is taken for old.
#include "conformance/mutants/handle/base.h"

static enum sm_status acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    enum sm_status status = handle_acquire(table, handle, out_value);
    return status == SM_UNKNOWN ? SM_STALE : status;
}

HANDLE_MUTANT("unknown_is_stale", ops.acquire = acquire)
