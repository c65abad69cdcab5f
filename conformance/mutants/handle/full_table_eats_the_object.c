// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-06. An insert that fails drops what it was given, as a language with destructors does by itself.
#include "conformance/mutants/handle/base.h"

static enum sm_status insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    enum sm_status status = handle_insert(table, value, out_handle);
    if (status == SM_EXHAUSTED) {
        table->type->drop(table->type->context, value);
    }
    return status;
}

HANDLE_MUTANT("full_table_eats_the_object", ops.insert = insert)
