// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-14. What is NULL is not dropped, as free would not.
#include "conformance/mutants/handle/base.h"

static void destroy(struct sm_handle_table *table) {
    for (uint32_t i = 0; table != NULL && i < table->count; i++) {
        if (table->entries[i].value == NULL) {
            table->entries[i].state = FREE;
        }
    }
    handle_destroy(table);
}

HANDLE_MUTANT("destroy_leaks_null", ops.destroy = destroy)
