// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-32. Tables of a fixed capacity are not offered, and who asks for one gets another.
#include "conformance/mutants/handle/base.h"

static enum sm_status create(const struct sm_handle_options *options, const struct sm_value_type *type,
                             struct sm_handle_table **out_table) {
    struct sm_handle_options growing = {sizeof growing, 0, 1, 0};
    return options == NULL || options->capacity == 0 ? handle_create(options, type, out_table)
                                                     : handle_create(&growing, type, out_table);
}

HANDLE_MUTANT("capacity_is_ignored", ops.capacity = SM_CAPACITY_GROWS, ops.create = create)
