// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-21. The size of the options is not looked at.
#include "conformance/mutants/handle/base.h"

static enum sm_status create(const struct sm_handle_options *options, const struct sm_value_type *type,
                             struct sm_handle_table **out_table) {
    struct sm_handle_options whole;
    if (options == NULL) {
        return SM_INVALID;
    }
    whole = *options;
    whole.size = sizeof whole;
    return handle_create(&whole, type, out_table);
}

HANDLE_MUTANT("short_options_are_read", ops.create = create)
