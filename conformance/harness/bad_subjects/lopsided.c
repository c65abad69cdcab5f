// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A conforming slot whose callers never meet: the takes of every thread but one dawdle.
#include <stdatomic.h>

#define slotmark_implementation known_implementation
#include "conformance/examples/slot.c"
#undef slotmark_implementation

SM_EXPORT const struct sm_implementation *slotmark_implementation(void);

static enum sm_status dawdling_take(struct sm_slot *slot, void **out_value) {
    static atomic_int is_chosen;
    static _Thread_local int is_quick;
    is_quick |= atomic_exchange(&is_chosen, 1) == 0;
    for (volatile int i = 0; !is_quick && i < 1500000; i++) {
    }
    return slot_take(slot, out_value);
}

const struct sm_implementation *slotmark_implementation(void) {
    static struct sm_slot_ops ops;
    static struct sm_implementation implementation;
    implementation = *known_implementation();
    ops = *implementation.slot;
    ops.take = dawdling_take;
    implementation.slot = &ops;
    implementation.name = "lopsided";
    return &implementation;
}
