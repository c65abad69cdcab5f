// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-26. The type is kept once for all tables (UniFFI #1809).
#include "conformance/mutants/handle/base.h"

static const struct sm_value_type *last_type;

static enum sm_status create(const struct sm_handle_options *options, const struct sm_value_type *type,
                             struct sm_handle_table **out_table) {
    enum sm_status status = handle_create(options, type, out_table);
    last_type = status == SM_OK ? type : last_type;
    return status;
}

static void destroy(struct sm_handle_table *table) {
    if (table != NULL) {
        table->type = last_type;
    }
    handle_destroy(table);
}

HANDLE_MUTANT("drops_by_the_last_type", ops.create = create; ops.destroy = destroy)
