// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Changes as they are found here, beside those that E-divisive finds (Matteson and James, 2014): by the distances
// between values, of a stretch that begins a part and one that follows on it. Both test by permutation at the same
// level. It prints figures and asserts none.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/history/changes.h"
#include "bench/history/noise.h"

enum { LENGTH = 100, SERIES = 100, LEAST = 3 }; // LEAST: of a stretch that E-divisive looks at

// sums[i][k] is that of the distances between each of the first i values and each of the first k.
static double sums[LENGTH + 1][LENGTH + 1];

static double between(size_t from, size_t to, size_t other_from, size_t other_to) {
    return sums[to][other_to] - sums[from][other_to] - sums[to][other_from] + sums[from][other_from];
}

// energy returns how far apart the clearest two stretches are, [0, at) and [at, end), and where the second begins.
static double energy(const double *values, size_t count, size_t *out_at) {
    double greatest = 0;
    for (size_t i = 0; i < count; i++) {
        double row = 0;
        for (size_t k = 0; k < count; k++) {
            row += fabs(values[i] - values[k]);
            sums[i + 1][k + 1] = sums[i][k + 1] + row;
        }
    }
    for (size_t at = LEAST; at + LEAST <= count; at++) {
        for (size_t end = at + LEAST; end <= count; end++) {
            double n = (double)at, m = (double)(end - at);
            double apart = 2 * between(0, at, at, end) / (n * m) - between(0, at, 0, at) / (n * (n - 1)) -
                           between(at, end, at, end) / (m * (m - 1));
            if (apart * n * m / (n + m) > greatest) {
                greatest = apart * n * m / (n + m);
                *out_at = at;
            }
        }
    }
    return greatest;
}

// divide finds changes in [from, to), in order. Returns how many.
static size_t divide(const double *values, size_t from, size_t to, uint64_t *random, size_t *out) {
    double shuffled[LENGTH];
    const size_t most = (size_t)(SM_CHANGES_ALPHA * SM_CHANGES_ORDERS);
    size_t count = to - from, at = 0, ignored, as_clear = 1;
    if (count < 2 * LEAST) {
        return 0;
    }
    memcpy(shuffled, values + from, count * sizeof *shuffled);
    double apart = energy(shuffled, count, &at);
    for (size_t order = 1; order < SM_CHANGES_ORDERS && as_clear <= most; order++) {
        for (size_t left = count; left > 1; left--) {
            size_t chosen = (size_t)(sm_noise_draw(random) * (double)left);
            double value = shuffled[chosen];
            shuffled[chosen] = shuffled[left - 1];
            shuffled[left - 1] = value;
        }
        as_clear += energy(shuffled, count, &ignored) >= apart;
    }
    if (as_clear > most) {
        return 0;
    }
    size_t found = divide(values, from, from + at, random, out);
    out[found++] = from + at;
    return found + divide(values, from + at, to, random, out + found);
}

// scenario is what happens to a series: from `at` on, until `until`, it is slower.
static const struct scenario {
    const char *name;
    size_t at, until;
    double slower;
} scenarios[] = {
    {"nothing", 0, 0, 0},
    {"5 % slower from the 60th on", 60, LENGTH, 0.05},
    {"2 % slower from the 60th on", 60, LENGTH, 0.02},
    {"5 % slower for 15, then mended", 40, 55, 0.05},
    {"5 % slower in the newest 8", LENGTH - 8, LENGTH, 0.05},
};

// is_right tells whether what was found is what happened, within two measurements.
static int is_right(const struct scenario *scenario, const size_t *found, size_t count) {
    size_t truths[] = {scenario->at, scenario->until};
    size_t truth_count = scenario->slower <= 0 ? 0 : scenario->until < LENGTH ? 2 : 1;
    int right = count == truth_count;
    for (size_t i = 0; right && i < count; i++) {
        right = found[i] + 2 >= truths[i] && found[i] <= truths[i] + 2;
    }
    return right;
}

static void compare(const struct scenario *scenario, enum sm_noise noise) {
    size_t ours = 0, theirs = 0;
    for (uint64_t series = 0; series < SERIES; series++) {
        double values[LENGTH];
        struct sm_change changes[LENGTH];
        size_t found[LENGTH], count;
        uint64_t state = series;
        for (size_t i = 0; i < LENGTH; i++) {
            double slower = i >= scenario->at && i < scenario->until ? scenario->slower : 0;
            values[i] = sm_noise_measure(noise, &state) * (1 + slower);
        }
        if (!sm_changes_find(values, LENGTH, SM_CHANGES_ALPHA, series, changes, &count)) {
            exit(1);
        }
        for (size_t i = 0; i < count; i++) {
            found[i] = changes[i].at;
        }
        ours += (size_t)is_right(scenario, found, count);
        theirs += (size_t)is_right(scenario, found, divide(values, 0, LENGTH, &state, found));
    }
    printf("%-32s  %-10s  %8zu  %11zu\n", scenario->name, sm_noise_names[noise], ours, theirs);
    fflush(stdout);
}

int main(void) {
    printf("what happened, of %-14d  %-10s  %8s  %11s\n", SERIES, "noise", "ours", "E-divisive");
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        for (enum sm_noise noise = SM_NOISE_NORMAL; noise < SM_NOISE_COARSE; noise++) {
            compare(&scenarios[i], noise);
        }
    }
    return 0;
}
