// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The example's slot, of which every twentieth put takes its value out again and puts it back where AGAIN is 1: a
// slowdown of 5 % for several threads, too. What they do meanwhile, each for itself, makes them no slower: it keeps
// them out of each other's way.
#include <stdint.h>

#define slotmark_implementation known_implementation
#include "conformance/examples/slot.c"
#undef slotmark_implementation

SM_EXPORT const struct sm_implementation *slotmark_implementation(void);

// count has lines of its own: beside a slot that two threads write, it would cost now much, and now nothing.
static _Thread_local _Alignas(128) struct {
    unsigned puts;
    char rest[124];
} count;

static enum sm_status repeating_put(struct sm_slot *slot, void *value) {
    enum sm_status status = slot_put(slot, value);
    void *back;
    if (++count.puts % 20 == 0 && AGAIN) {
        status = slot_take(slot, &back) == SM_OK ? slot_put(slot, back) : status;
    }
    return status;
}

const struct sm_implementation *slotmark_implementation(void) {
    static struct sm_slot_ops ops;
    static struct sm_implementation implementation;
    implementation = *known_implementation();
    ops = *implementation.slot;
    ops.put = repeating_put;
    implementation.slot = &ops;
    return &implementation;
}
