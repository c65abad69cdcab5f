// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A conforming slot as a later contract might offer it: implementation and table are longer than this judge knows.
#define slotmark_implementation known_implementation
#include "conformance/examples/slot.c"
#undef slotmark_implementation

SM_EXPORT const struct sm_implementation *slotmark_implementation(void);

struct newer_slot_ops {
    struct sm_slot_ops known;
    void (*later_operation)(void);
};

struct newer_implementation {
    struct sm_implementation known;
    const void *later_profile;
};

static void later_operation(void) {
}

const struct sm_implementation *slotmark_implementation(void) {
    static struct newer_slot_ops slot;
    static struct newer_implementation implementation;
    implementation.known = *known_implementation();
    slot.known = *implementation.known.slot;
    slot.known.size = sizeof slot;
    slot.later_operation = later_operation;
    implementation.known.size = sizeof implementation;
    implementation.known.name = "newer_tables";
    implementation.known.slot = &slot.known;
    implementation.later_profile = &slot;
    return &implementation.known;
}
