// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks HANDLE-31. A promise to drop later, and nobody who keeps it.
#include "conformance/mutants/handle/base.h"

static void *waiting[4096];
static size_t waiting_count;

static void keep(void *context, void *value) {
    (void)context;
    waiting[waiting_count++ % 4096] = value;
}

static enum sm_status create(const struct sm_handle_options *options, const struct sm_value_type *type,
                             struct sm_handle_table **out_table) {
    static const struct sm_value_type keeping = {sizeof keeping, NULL, keep, NULL};
    return handle_create(options, type == NULL ? NULL : &keeping, out_table);
}

static enum sm_status flush(struct sm_handle_table *table) {
    return table == NULL ? SM_INVALID : SM_OK;
}

HANDLE_MUTANT("flush_does_nothing", ops.create = create; ops.reclaim = SM_RECLAIM_DEFERRED; ops.flush = flush)
