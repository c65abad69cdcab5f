// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-05. The number of a table is a byte: the 256th after another has its number, and its handles, too.
#include "conformance/mutants/handle/base.h"

static enum sm_status create(const struct sm_handle_options *options, const struct sm_value_type *type,
                             struct sm_handle_table **out_table) {
    enum sm_status status = handle_create(options, type, out_table);
    if (status == SM_OK) {
        (*out_table)->number &= 0xff;
    }
    return status;
}

HANDLE_MUTANT("table_number_is_a_byte", ops.create = create)
