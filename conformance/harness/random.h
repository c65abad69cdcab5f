// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Random numbers that are the same for the same seed, on any machine: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
#ifndef SLOTMARK_CONFORMANCE_HARNESS_RANDOM_H_
#define SLOTMARK_CONFORMANCE_HARNESS_RANDOM_H_

#include <stdint.h>

// sm_random returns 64 random bits, and moves the state on. A state begins with any number; it is of one thread.
static inline uint64_t sm_random(uint64_t *state) {
    uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ mixed >> 31;
}

// sm_random_order fills in the numbers below `count` in an order that is drawn.
static inline void sm_random_order(uint64_t *state, unsigned count, unsigned *out) {
    for (unsigned i = 0; i < count; i++) {
        unsigned j = (unsigned)(sm_random(state) % (i + 1));
        out[i] = i; // where j is i
        out[i] = out[j];
        out[j] = i;
    }
}

#endif // SLOTMARK_CONFORMANCE_HARNESS_RANDOM_H_
