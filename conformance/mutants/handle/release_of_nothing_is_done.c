// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-12. The count is not looked at before it is lowered.
#include "conformance/mutants/handle/base.h"

static enum sm_status release(struct sm_handle_table *table, uint64_t handle) {
    enum sm_status status = handle_release(table, handle);
    return status == SM_IDLE ? SM_OK : status;
}

HANDLE_MUTANT("release_of_nothing_is_done", ops.release = release)
