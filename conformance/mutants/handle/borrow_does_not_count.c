// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-13. A borrow is taken for a look: short enough, it is thought.
#include "conformance/mutants/handle/base.h"

static enum sm_status borrow_begin(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    enum sm_status status = handle_acquire(table, handle, out_value);
    if (status == SM_OK) {
        handle_release(table, handle);
    }
    return status;
}

static void borrow_end(struct sm_handle_table *table, uint64_t handle) {
    (void)table;
    (void)handle;
}

HANDLE_MUTANT("borrow_does_not_count", ops.borrow_begin = borrow_begin; ops.borrow_end = borrow_end)
