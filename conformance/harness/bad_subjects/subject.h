// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the bad subjects share: functions for a slot that is never used, since each of them is refused before a case
// runs.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_BAD_SUBJECTS_SUBJECT_H_
#define SLOTMARK_CONFORMANCE_HARNESS_BAD_SUBJECTS_SUBJECT_H_

#include "conformance/slotmark.h"

static enum sm_status create(const struct sm_value_type *type, struct sm_slot **out_slot) {
    (void)type;
    (void)out_slot;
    return SM_NO_MEMORY;
}

static void destroy(struct sm_slot *slot) {
    (void)slot;
}

static enum sm_status put(struct sm_slot *slot, void *value) {
    (void)slot;
    (void)value;
    return SM_INVALID;
}

static enum sm_status take(struct sm_slot *slot, void **out_value) {
    (void)slot;
    (void)out_value;
    return SM_INVALID;
}

// SLOT_OPS is a table that would be read; a bad subject overrides what it is bad in.
#define SLOT_OPS                                                                                                       \
    .size = sizeof(struct sm_slot_ops), .progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,     \
    .create = create, .destroy = destroy, .put = put, .take = take

// OFFER exports an implementation with this table.
#define OFFER(slot_ops, ...)                                                                                           \
    SM_EXPORT const struct sm_implementation *slotmark_implementation(void) {                                          \
        static const struct sm_implementation implementation = {.abi = SM_ABI,                                         \
                                                                .size = sizeof implementation,                         \
                                                                .name = "bad",                                         \
                                                                .version = "1",                                        \
                                                                .slot = &(slot_ops),                                   \
                                                                __VA_ARGS__};                                          \
        return &implementation;                                                                                        \
    }

#endif // SLOTMARK_CONFORMANCE_HARNESS_BAD_SUBJECTS_SUBJECT_H_
