// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/history/shift.h"

#include <math.h>
#include <stdlib.h>

static int compare_doubles(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

double sm_median_of(double *values, size_t count) {
    qsort(values, count, sizeof *values, compare_doubles);
    return count % 2 != 0 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

struct sm_shift sm_shift_between(const double *first, size_t first_count, const double *second, size_t second_count) {
    double ratios[SM_SHIFT_SAMPLE * SM_SHIFT_SAMPLE];
    size_t count = 0, skipped = first_count > SM_SHIFT_SAMPLE ? first_count - SM_SHIFT_SAMPLE : 0;
    first += skipped;
    first_count -= skipped;
    second_count = second_count > SM_SHIFT_SAMPLE ? SM_SHIFT_SAMPLE : second_count;
    for (size_t i = 0; i < first_count; i++) {
        for (size_t k = 0; k < second_count; k++) {
            ratios[count++] = second[k] / first[i];
        }
    }
    double median = sm_median_of(ratios, count);
    // How many ratios lie on one side of the truth is distributed as Mann and Whitney's statistic: about normally. The
    // half is the correction for continuity.
    double pairs = (double)count, together = (double)(first_count + second_count);
    double below = pairs / 2 - 0.5 - 1.96 * sqrt(pairs * (together + 1) / 12);
    size_t rank = below > 0 ? (size_t)below : 0;
    return (struct sm_shift){median, ratios[rank], ratios[count - 1 - rank]};
}
