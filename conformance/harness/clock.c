// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The clock, which the kernel shares with the process: asking it is no system call.
#include "conformance/harness/clock.h"

#include <time.h>

uint64_t sm_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

double sm_now_seconds(void) {
    return (double)sm_now_ns() * 1e-9;
}
