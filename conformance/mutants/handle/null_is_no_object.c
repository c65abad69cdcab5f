// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-16. NULL is taken for a mistake.
#include "conformance/mutants/handle/base.h"

static enum sm_status insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    return value == NULL ? SM_INVALID : handle_insert(table, value, out_handle);
}

HANDLE_MUTANT("null_is_no_object", ops.insert = insert)
