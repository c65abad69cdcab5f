// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/gate/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *sm_pace_name(enum sm_pace pace) {
    static const char *const names[] = {"UNDECIDED", "SLOWER", "FASTER", "SAME"};
    return names[pace];
}

// at_least returns the probability that of `count` fair coins at least `heads` show heads.
static double at_least(size_t heads, size_t count) {
    double sum = 0;
    for (size_t i = heads; i <= count; i++) {
        sum += exp(lgamma((double)count + 1) - lgamma((double)i + 1) - lgamma((double)(count - i) + 1) -
                   (double)count * log(2));
    }
    return sum < 1 ? sum : 1;
}

static int compare_doubles(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median_of(const double *values, size_t count) {
    double *sorted = malloc(count * sizeof *sorted);
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
    size_t above = 0, below = 0;
    for (size_t i = 0; i < count; i++) {
        above += log_ratios[i] > bound;
        below += log_ratios[i] < -bound;
    }
    double under_upper = at_least(count - above, count), over_lower = at_least(count - below, count);
    return (struct sm_pace_test){.slower = at_least(above, count),
                                 .faster = at_least(below, count),
                                 .same = under_upper > over_lower ? under_upper : over_lower,
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
