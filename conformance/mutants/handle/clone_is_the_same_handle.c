// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-24. A count in the place of a handle of its own.
#include "conformance/mutants/handle/base.h"

static enum sm_status same_handle(struct sm_handle_table *table, uint64_t handle, uint64_t *out_handle) {
    void *value;
    enum sm_status status = handle_acquire(table, handle, &value);
    if (status == SM_OK) {
        handle_release(table, handle);
        *out_handle = handle;
    }
    return status;
}

HANDLE_MUTANT("clone_is_the_same_handle", ops.clone = same_handle)
