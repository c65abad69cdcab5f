// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What releases of Google Benchmark must time alike, by 1, 2, 4 and 8 threads: see tools/compare_releases.
#include <time.h>

#include "bench/shim/gbench.h"

// A chain of multiplications, each of which waits for the one before.
static void multiply(void *context, uint64_t rounds) {
    (void)context;
    uint64_t product = rounds;
    do {
        for (unsigned i = 0; i < 64; i++) {
            product *= UINT64_C(0x9e3779b97f4a7c15);
            __asm__ volatile("" : "+r"(product));
        }
    } while (--rounds != 0);
}

static void sleep_10_ms(void *context, uint64_t rounds) {
    (void)context;
    do {
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    } while (--rounds != 0);
}

static void count_down(void *context, uint64_t rounds) {
    (void)context;
    do {
        __asm__ volatile("");
    } while (--rounds != 0);
}

// tell_microsecond tells that a round took one, whatever it took: what a release makes of it is exact.
static void tell_microsecond(struct sm_gbench_turn *turn, void *context) {
    (void)context;
    sm_gbench_time(turn, 1e-6 * (double)sm_gbench_rounds(turn));
}

int main(int argc, char **argv) {
    static const struct sm_gbench benches[] = {
        {.name = "multiply", .run = multiply},
        {.name = "sleep", .run = sleep_10_ms},
        {.name = "told", .run = count_down, .leave = tell_microsecond, .manual_time = 1}};
    if (!sm_gbench_initialize(&argc, argv) || argc != 1) {
        return 2;
    }
    for (unsigned i = 0; i < sizeof benches / sizeof benches[0]; i++) {
        struct sm_gbench_family *family = sm_gbench_register(&benches[i]);
        for (int threads = 1; threads <= 8; threads *= 2) {
            sm_gbench_with_threads(family, threads);
        }
    }
    return sm_gbench_run_all(NULL) ? 0 : 1;
}
