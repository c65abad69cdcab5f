// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A clock that steps: preloaded, it has CLOCK_MONOTONIC jump by a fifth of a second every hundredth, as a virtual
// machine's may that was stopped, or moved to another host. Other clocks are left alone.
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { STEP_EVERY_NS = 10000000, STEPS_A_SECOND = 100, STEP_NS = 200000000 };

int clock_gettime(clockid_t clock, struct timespec *out) {
    int failed = (int)syscall(SYS_clock_gettime, clock, out);
    if (failed == 0 && clock == CLOCK_MONOTONIC) {
        long long steps = (long long)out->tv_sec * STEPS_A_SECOND + out->tv_nsec / STEP_EVERY_NS;
        long long ns = steps % 1000 * STEP_NS + out->tv_nsec;
        out->tv_sec += (time_t)(ns / 1000000000);
        out->tv_nsec = (long)(ns % 1000000000);
    }
    return failed;
}
