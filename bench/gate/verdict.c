// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/gate/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// shares is what bettors believe in. Where there is a difference, nine launches in ten show it, since one in seven is
// off and half of these to the wrong side; by several threads two in three, since there each launch is off.
static const double shares[] = {0.6, 0.7, 0.8, 0.9};

enum { BETTORS = sizeof shares / sizeof shares[0] };

const char *sm_pace_name(enum sm_pace pace) {
    static const char *const names[] = {"UNDECIDED", "SLOWER", "FASTER", "SAME"};
    return names[pace];
}

// improbability returns the greatest probability with which launches ever lie so often above the bound, `sign` times
// themselves, if at most half of all do: 1 by the most that a stake of 1 came to. The stake is parted among bettors, of
// whom each believes in a share above a half, and bets on each launch what is right by that: where the share is a half,
// none gains or loses in the mean.
static double improbability(const double *log_ratios, size_t count, double sign, double bound) {
    double wealth[BETTORS], most = 1;
    for (unsigned i = 0; i < BETTORS; i++) {
        wealth[i] = 1.0 / BETTORS;
    }
    for (size_t launch = 0; launch < count; launch++) {
        double sum = 0;
        for (unsigned i = 0; i < BETTORS; i++) {
            wealth[i] *= 2 * (sign * log_ratios[launch] > bound ? shares[i] : 1 - shares[i]);
            sum += wealth[i];
        }
        most = fmax(most, sum);
    }
    return 1 / most;
}

static int compare_doubles(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median_of(const double *values, size_t count) {
    double *sorted = count > 0 ? malloc(count * sizeof *sorted) : NULL;
    if (sorted == NULL) {
        return NAN;
    }
    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_doubles);
    double median = count % 2 != 0 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
    free(sorted);
    return median;
}

struct sm_pace_test sm_pace_test(const double *log_ratios, size_t count, double bound) {
    double below_upper = improbability(log_ratios, count, -1, -bound);
    double above_lower = improbability(log_ratios, count, 1, -bound);
    return (struct sm_pace_test){.slower = improbability(log_ratios, count, 1, bound),
                                 .faster = improbability(log_ratios, count, -1, bound),
                                 .same = fmax(below_upper, above_lower),
                                 .median = median_of(log_ratios, count)};
}

struct ranked {
    double probability;
    size_t index;
    enum sm_pace pace;
};

static int compare_ranked(const void *left, const void *right) {
    const struct ranked *a = left, *b = right;
    if (a->probability != b->probability) {
        return a->probability < b->probability ? -1 : 1;
    }
    return (a->index > b->index) - (a->index < b->index);
}

void sm_pace_decide(const struct sm_pace_test *tests, size_t count, double alpha, enum sm_pace *out) {
    struct ranked *ranked = malloc((count > 0 ? count : 1) * sizeof *ranked);
    for (size_t i = 0; i < count; i++) {
        out[i] = tests[i].same <= alpha ? SM_PACE_SAME : SM_PACE_UNDECIDED;
        if (ranked != NULL) {
            int slower = tests[i].slower <= tests[i].faster;
            ranked[i] = (struct ranked){slower ? tests[i].slower : tests[i].faster, i,
                                        slower ? SM_PACE_SLOWER : SM_PACE_FASTER};
        }
    }
    if (ranked == NULL) {
        return; // undecided, then
    }
    qsort(ranked, count, sizeof *ranked, compare_ranked);
    // The smallest against alpha by all, the next against alpha by the others, until one does not hold. Two sides each.
    for (size_t i = 0; i < count && ranked[i].probability * 2 * (double)(count - i) <= alpha; i++) {
        out[ranked[i].index] = ranked[i].pace;
    }
    free(ranked);
}
