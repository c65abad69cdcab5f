// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The example's slot, with a loop in put that is five bytes long and begins PLACE bytes after a line of 64 does: the
// same instructions in each build, at another address. Whether such a loop lies in one line or in two is a fifth of its
// time, one way or the other.
#include <stdint.h>

#define slotmark_implementation known_implementation
#include "conformance/examples/slot.c"
#undef slotmark_implementation

SM_EXPORT const struct sm_implementation *slotmark_implementation(void);

#define TEXT(number)   #number
#define NUMBER(number) TEXT(number)

// loop counts down from the number that it is given.
__attribute__((visibility("hidden"))) void loop(unsigned long rounds);
#if defined(__x86_64__)
__asm__(".pushsection .text.loop,\"ax\",@progbits\n"
        "  .balign 64\n"
        "  .skip " NUMBER(PLACE) ", 0x90\n"
                                 "loop:\n"
                                 "  dec %rdi\n"
                                 "  jnz loop\n"
                                 "  ret\n"
                                 ".popsection\n");
#elif defined(__aarch64__)
__asm__(".pushsection .text.loop,\"ax\",@progbits\n"
        "  .balign 64\n"
        "  .skip " NUMBER(PLACE) "\n"
                                 "  .balign 4\n"
                                 "loop:\n"
                                 "  subs x0, x0, #1\n"
                                 "  b.ne loop\n"
                                 "  ret\n"
                                 ".popsection\n");
#endif

static enum sm_status looping_put(struct sm_slot *slot, void *value) {
    loop(100);
    return slot_put(slot, value);
}

const struct sm_implementation *slotmark_implementation(void) {
    static struct sm_slot_ops ops;
    static struct sm_implementation implementation;
    implementation = *known_implementation();
    ops = *implementation.slot;
    ops.put = looping_put;
    implementation.slot = &ops;
    return &implementation;
}
