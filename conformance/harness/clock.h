// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What time it is, by the clock that nobody sets: any thread may ask, and a handler of signals; wait-free.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_CLOCK_H_
#define SLOTMARK_CONFORMANCE_HARNESS_CLOCK_H_

#include <stdint.h>

// sm_now_ns returns nanoseconds of CLOCK_MONOTONIC, which the kernel keeps in step over the processors.
uint64_t sm_now_ns(void);

// sm_now_seconds returns seconds of the same clock.
double sm_now_seconds(void);

#endif // SLOTMARK_CONFORMANCE_HARNESS_CLOCK_H_
