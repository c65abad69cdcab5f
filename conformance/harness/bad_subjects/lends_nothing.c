// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Neither of two groups is offered of which one is needed.
#include "conformance/slotmark.h"

static enum sm_status create(const struct sm_handle_options *options, const struct sm_value_type *type,
                             struct sm_handle_table **out_table) {
    (void)options;
    (void)type;
    (void)out_table;
    return SM_NO_MEMORY;
}
static void destroy(struct sm_handle_table *table) {
    (void)table;
}
static enum sm_status insert(struct sm_handle_table *table, void *value, uint64_t *out_handle) {
    (void)table;
    (void)value;
    (void)out_handle;
    return SM_EXHAUSTED;
}
static enum sm_status remove_handle(struct sm_handle_table *table, uint64_t handle) {
    (void)table;
    (void)handle;
    return SM_STALE;
}

static const struct sm_handle_ops handle = {.size = sizeof handle,
                                            .progress = SM_PROGRESS_BLOCKING,
                                            .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                                            .reclaim = SM_RECLAIM_PROMPT,
                                            .reuse_bits = 64,
                                            .tells = SM_TELLS_NOTHING,
                                            .capacity = SM_CAPACITY_GROWS,
                                            .create = create,
                                            .destroy = destroy,
                                            .insert = insert,
                                            .remove = remove_handle};

const struct sm_implementation *slotmark_implementation(void) {
    static const struct sm_implementation implementation = {
        .abi = SM_ABI, .size = sizeof implementation, .name = "bad", .version = "1", .handle = &handle};
    return &implementation;
}
