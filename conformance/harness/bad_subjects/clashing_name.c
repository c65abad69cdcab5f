// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A slot whose functions are external and named as the reference's, as in a library that was built with default
// visibility. Its sm_slot_take keeps the value: if the reference were judged in its place, it would conform.
#include <stdlib.h>

#include "conformance/slotmark.h"

struct sm_slot {
    const struct sm_value_type *type;
    void *value;
    int full;
};

enum sm_status sm_slot_create(const struct sm_value_type *type, struct sm_slot **out_slot);
void sm_slot_destroy(struct sm_slot *slot);
enum sm_status sm_slot_put(struct sm_slot *slot, void *value);
enum sm_status sm_slot_take(struct sm_slot *slot, void **out_value);

enum sm_status sm_slot_create(const struct sm_value_type *type, struct sm_slot **out_slot) {
    *out_slot = calloc(1, sizeof **out_slot);
    if (*out_slot == NULL) {
        return SM_NO_MEMORY;
    }
    (*out_slot)->type = type;
    return SM_OK;
}

void sm_slot_destroy(struct sm_slot *slot) {
    free(slot);
}

enum sm_status sm_slot_put(struct sm_slot *slot, void *value) {
    slot->value = value;
    slot->full = 1;
    return SM_OK;
}

enum sm_status sm_slot_take(struct sm_slot *slot, void **out_value) {
    *out_value = slot->value;
    return slot->full ? SM_OK : SM_EMPTY;
}

// The table is filled in at run time through these names, so that a loader which binds them elsewhere is found out.
SM_EXPORT const struct sm_implementation *slotmark_implementation(void) {
    static struct sm_slot_ops slot;
    slot = (struct sm_slot_ops){.size = sizeof slot,
                                .progress = SM_PROGRESS_BLOCKING,
                                .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                                .create = sm_slot_create,
                                .destroy = sm_slot_destroy,
                                .put = sm_slot_put,
                                .take = sm_slot_take};
    static const struct sm_implementation implementation = {
        .abi = SM_ABI, .size = sizeof implementation, .name = "clashing_name", .version = "1", .slot = &slot};
    return &implementation;
}
