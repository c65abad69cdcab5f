// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-23. The index is told by its entry, the generation by nothing.
#include "conformance/mutants/handle/base.h"

static enum sm_status decode(const struct sm_handle_table *table, uint64_t handle, struct sm_handle_parts *out_parts) {
    if (table == NULL || handle == 0 || out_parts == NULL) {
        return SM_INVALID;
    }
    *out_parts = (struct sm_handle_parts){(uint32_t)table->number, (uint32_t)handle & 0xffffff, 1};
    return SM_OK;
}

HANDLE_MUTANT("decode_counts_from_one", ops.decode = decode)
