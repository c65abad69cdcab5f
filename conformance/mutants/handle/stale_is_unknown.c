// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-03. One error for all that is not there: the host cannot tell a bug of its own from a race.
#include "conformance/mutants/handle/base.h"

static enum sm_status acquire(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    enum sm_status status = handle_acquire(table, handle, out_value);
    return status == SM_STALE ? SM_UNKNOWN : status;
}

HANDLE_MUTANT("stale_is_unknown", ops.acquire = acquire)
