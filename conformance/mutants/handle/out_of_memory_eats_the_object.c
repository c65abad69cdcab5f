// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-20. An insert that cannot have memory drops what it was given.
#include "conformance/mutants/handle/base.h"

static enum sm_status insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    enum sm_status status = handle_insert(table, value, out_handle);
    if (status == SM_NO_MEMORY) {
        table->type->drop(table->type->context, value);
    }
    return status;
}

HANDLE_MUTANT("out_of_memory_eats_the_object", ops.insert = insert)
