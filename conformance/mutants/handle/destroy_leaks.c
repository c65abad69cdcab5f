// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-14. Destroying the table frees the table.
#include "conformance/mutants/handle/base.h"

static void destroy(struct sm_handle_table *table) {
    if (table != NULL) {
        free(table->entries);
        free(table);
    }
}

HANDLE_MUTANT("destroy_leaks", ops.destroy = destroy)
