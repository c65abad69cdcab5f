// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-14. The entries are all dropped, live or not.
#include "conformance/mutants/handle/base.h"

static void destroy(struct sm_handle_table *table) {
    for (uint32_t i = 0; table != NULL && i < table->count; i++) {
        if (table->entries[i].state == FREE) {
            table->type->drop(table->type->context, table->entries[i].value);
        }
    }
    handle_destroy(table);
}

HANDLE_MUTANT("destroy_drops_removed_again", ops.destroy = destroy)
