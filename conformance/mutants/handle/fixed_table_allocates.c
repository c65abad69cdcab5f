// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-25. Each insert has a record of its own, whatever the capacity.
#include "conformance/mutants/handle/base.h"

static enum sm_status insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    void *volatile record = malloc(16);
    enum sm_status status = record == NULL ? SM_NO_MEMORY : handle_insert(table, value, out_handle);
    free(record);
    return status;
}

HANDLE_MUTANT("fixed_table_allocates", ops.insert = insert)
