// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-23. The size is what the library allocated, not what the future asked for.
#include "conformance/mutants/future/base.h"

static enum sm_status layout(const struct sm_future *future, size_t *out_size, size_t *out_align) {
    enum sm_status status = future_layout(future, out_size, out_align);
    if (status == SM_OK) {
        *out_size += sizeof *future;
    }
    return status;
}

FUTURE_MUTANT("layout_counts_header", ops.layout = layout)
