// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The example's slot, with work added to put: what a gate must find. WORK is how much; with 0 it is the example as the
// same compiler flags build it.
#include <stdint.h>

#define slotmark_implementation known_implementation
#include "conformance/examples/slot.c"
#undef slotmark_implementation

SM_EXPORT const struct sm_implementation *slotmark_implementation(void);

#ifndef WORK
#define WORK 0
#endif

static enum sm_status working_put(struct sm_slot *slot, void *value) {
    for (int i = 0; i < WORK; i++) {
        __asm__ volatile("" : "+r"(i)); // what the compiler cannot count, it cannot unroll
    }
    return slot_put(slot, value);
}

const struct sm_implementation *slotmark_implementation(void) {
    static struct sm_slot_ops ops;
    static struct sm_implementation implementation;
    implementation = *known_implementation();
    ops = *implementation.slot;
    ops.put = working_put;
    implementation.slot = &ops;
    return &implementation;
}
