// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-22. The length falls with the entry and not with the handle.
#include "conformance/mutants/handle/base.h"

static enum sm_status length(const struct sm_handle_table *table, uint64_t *out_length) {
    enum sm_status status = handle_length(table, out_length);
    for (uint32_t i = 0; status == SM_OK && i < table->count; i++) {
        *out_length += table->entries[i].state == REMOVED;
    }
    return status;
}

HANDLE_MUTANT("length_counts_held_ones", ops.length = length)
