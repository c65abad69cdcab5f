// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-06. A bound that is compared with the wrong sign of equality.
#include "conformance/mutants/handle/base.h"

static enum sm_status create(const struct sm_handle_options *options, const struct sm_value_type *type,
                             struct sm_handle_table **out_table) {
    struct sm_handle_options more;
    if (options == NULL || options->size < sizeof *options || options->capacity < 8) {
        return handle_create(options, type, out_table);
    }
    more = *options;
    more.capacity++;
    return handle_create(&more, type, out_table);
}

HANDLE_MUTANT("capacity_is_one_more", ops.create = create)
