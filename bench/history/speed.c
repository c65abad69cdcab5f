// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// How fast changes are found on this machine, how often where there are none, and how soon where there is one. It
// prints figures and asserts none.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/history/changes.h"
#include "bench/history/noise.h"

enum { MOST = 1000 };

static double values[MOST];
static struct sm_change changes[MOST];

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); // it has one thread
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static size_t find(size_t count, uint64_t seed) {
    size_t found;
    if (!sm_changes_find(values, count, SM_CHANGES_ALPHA, seed, changes, &found)) {
        exit(1);
    }
    return found;
}

static void measure(enum sm_noise noise, size_t count, uint64_t seed) {
    for (size_t i = 0; i < count; i++) {
        values[i] = sm_noise_measure(noise, &seed);
    }
}

static void times(void) {
    printf("100 series of %d measurements, in seconds of a processor\n", MOST);
    for (size_t parts = 1; parts <= 8; parts *= 2) {
        double began = seconds();
        size_t found = 0;
        for (uint64_t series = 0; series < 100; series++) {
            measure(SM_NOISE_NORMAL, MOST, series);
            for (size_t i = 0; i < MOST; i++) { // up and down by turns
                values[i] *= i * parts / MOST % 2 != 0 ? 1.05 : 1;
            }
            found += find(MOST, series);
        }
        printf("  %zu changes in each       %.3f s, %.2f found in each\n", parts - 1, seconds() - began,
               (double)found / 100);
    }
}

// upper_bound returns what the truth is below with a probability of 97.5 % (Wilson, 1927).
static double upper_bound(size_t hits, size_t count) {
    double n = (double)count, share = (double)hits / n, z = 1.96;
    return (share + z * z / (2 * n) + z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))) / (1 + z * z / n);
}

static void false_changes(void) {
    static const struct { size_t length, series; } sizes[] = {{10, 20000}, {30, 20000}, {100, 10000}, {MOST, 2000}};
    printf("\nseries of one distribution in which a change is found\n");
    for (enum sm_noise noise = 0; noise < SM_NOISE_COUNT; noise++) {
        for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
            size_t hits = 0;
            for (uint64_t series = 0; series < sizes[k].series; series++) {
                measure(noise, sizes[k].length, series * SM_NOISE_COUNT + noise);
                hits += find(sizes[k].length, series) > 0;
            }
            printf("  %-10s %4zu measurements  %3zu of %5zu, %.2f %%; at most %.2f %%\n", sm_noise_names[noise],
                   sizes[k].length, hits, sizes[k].series, 100 * (double)hits / (double)sizes[k].series,
                   100 * upper_bound(hits, sizes[k].series));
        }
    }
}

// lasting_noise shows what is not promised: noise of which a part stays from one measurement to the next.
static void lasting_noise(void) {
    printf("\nseries of 100 whose noise lasts, in which a change is found\n");
    for (int tenths = 1; tenths <= 5; tenths += 2) {
        enum { SERIES = 2000 };
        size_t hits = 0;
        for (uint64_t series = 0; series < SERIES; series++) {
            uint64_t state = series;
            double noise = 0;
            for (size_t i = 0; i < 100; i++) {
                noise = noise * tenths / 10 + sm_noise_normal(&state);
                values[i] = exp(noise / 100);
            }
            hits += find(100, series) > 0;
        }
        printf("  %d %% of it               %.1f %%\n", tenths * 10, 100.0 * (double)hits / SERIES);
    }
}

// newest shows in how many series a slowdown is found at its place, by the measurements since.
static void newest(enum sm_noise noise, double slower) {
    enum { BEFORE = 100, SINCE = 12, SERIES = 300 };
    printf("  %-10s +%.0f %%", sm_noise_names[noise], slower * 100);
    for (size_t since = 3; since <= SINCE; since++) {
        size_t hits = 0;
        for (uint64_t series = 0; series < SERIES; series++) {
            measure(noise, BEFORE + since, series * 100 + since);
            for (size_t i = BEFORE; i < BEFORE + since; i++) {
                values[i] *= 1 + slower;
            }
            size_t found = find(BEFORE + since, series);
            hits += found > 0 && changes[found - 1].at == BEFORE;
        }
        printf(" %4.0f", 100.0 * (double)hits / SERIES);
    }
    printf("\n");
}

int main(void) {
    times();
    false_changes();
    lasting_noise();
    printf("\nslowdowns found at their place, in percent, of those that 3, 4, ... 12 measurements show after 100\n");
    for (enum sm_noise noise = 0; noise < SM_NOISE_COUNT; noise++) {
        newest(noise, 0.05);
    }
    newest(SM_NOISE_LAUNCHES, 0.01);
    return 0;
}
