// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The example's slot, with a chain of instructions in put each of which waits for the one before: what the gate's power
// is measured with. A round of put and take is about 400 of them long, so that one more is a quarter of a per cent.
// Processors differ in what that costs: the power's table says what was measured. LINKS says how many more there are
// than in the baseline.
#include <stdint.h>

#define slotmark_implementation known_implementation
#include "conformance/examples/slot.c"
#undef slotmark_implementation

SM_EXPORT const struct sm_implementation *slotmark_implementation(void);

#define TEXT(number)   #number
#define NUMBER(number) TEXT(number)

// Whatever the chain's length, what follows lies where it lay: of the links that are not there, the room is.
#define CHAIN(link, jump)                                                                                              \
    "70: .rept 320 + " NUMBER(LINKS) "\n\t" link "\n\t.endr\n\t" jump " 71f\n\t.fill 1400 - (. - 70b)\n71:"

static enum sm_status chained_put(struct sm_slot *slot, void *value) {
    uintptr_t link = (uintptr_t)value;
#if defined(__x86_64__)
    __asm__ volatile(CHAIN("addq $0, %0", "jmp") : "+r"(link) : : "cc");
#elif defined(__aarch64__)
    __asm__ volatile(CHAIN("add %0, %0, #0", "b") : "+r"(link));
#endif
    return slot_put(slot, (void *)link);
}

const struct sm_implementation *slotmark_implementation(void) {
    static struct sm_slot_ops ops;
    static struct sm_implementation implementation;
    implementation = *known_implementation();
    ops = *implementation.slot;
    ops.put = chained_put;
    implementation.slot = &ops;
    return &implementation;
}
