// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-21. No argument is looked at.
#include "conformance/mutants/handle/base.h"

static enum sm_status insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    if (table == NULL) {
        volatile uint32_t *nowhere = NULL;
        return (enum sm_status) * nowhere;
    }
    return handle_insert(table, value, out_handle);
}

HANDLE_MUTANT("null_table_crashes", ops.insert = insert)
