// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-13. A flag in the place of a count: the inner end ends the outer.
#include "conformance/mutants/handle/base.h"

static enum sm_status borrow_begin(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    enum sm_status status = handle_acquire(table, handle, out_value);
    if (status == SM_OK && table->entries[handle & 0xffffff].holders > 1) {
        handle_release(table, handle);
    }
    return status;
}

HANDLE_MUTANT("borrow_does_not_nest", ops.borrow_begin = borrow_begin)
