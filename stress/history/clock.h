// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The clock of a history: one for all processors, read so that no effect of a call lies outside of its two instants.
#ifndef SLOTMARK_STRESS_HISTORY_CLOCK_H_
#define SLOTMARK_STRESS_HISTORY_CLOCK_H_

#include <stdint.h>

#include "conformance/harness/clock.h"

// sm_clock_settle keeps what follows from beginning before what precedes has been executed, and lets this processor's
// stores reach the others first. Reading a clock is no access to memory, so no fence of C's orders it.
static inline void sm_clock_settle(void) {
#if defined(__x86_64__)
    __builtin_ia32_mfence();
    __builtin_ia32_lfence();
#elif defined(__aarch64__)
    __asm__ volatile("dmb ish\n\tisb" ::: "memory");
#else
#error "no barrier for reads of the clock is known for this machine"
#endif
}

// sm_clock_called returns the instant before a call: nothing of the call is executed before it is read.
static inline uint64_t sm_clock_called(void) {
    uint64_t now = sm_now_ns();
    sm_clock_settle();
    return now;
}

// sm_clock_returned returns the instant after a call. A store that is still on its way then has not taken effect for
// the others, and the call would seem to have ended before it did.
static inline uint64_t sm_clock_returned(void) {
    sm_clock_settle();
    return sm_now_ns();
}

#endif // SLOTMARK_STRESS_HISTORY_CLOCK_H_
