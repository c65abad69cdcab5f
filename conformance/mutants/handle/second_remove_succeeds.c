// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-03. Removing is made idempotent: whoever comes second is told that it worked.
#include "conformance/mutants/handle/base.h"

static enum sm_status remove_again(struct sm_handle_table *table, uint64_t handle) {
    enum sm_status status = handle_remove(table, handle);
    return status == SM_STALE ? SM_OK : status;
}

HANDLE_MUTANT("second_remove_succeeds", ops.remove = remove_again)
