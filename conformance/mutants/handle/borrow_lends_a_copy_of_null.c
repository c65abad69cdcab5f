// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-01. The borrow was added later, and hands its out-parameter to nobody.
#include "conformance/mutants/handle/base.h"

static enum sm_status borrow_begin(struct sm_handle_table *table, uint64_t handle, void **out_value) {
    void *value;
    enum sm_status status = handle_borrow_begin(table, handle, out_value == NULL ? NULL : &value);
    if (status == SM_OK) {
        *out_value = NULL;
    }
    return status;
}

HANDLE_MUTANT("borrow_lends_a_copy_of_null", ops.borrow_begin = borrow_begin)
