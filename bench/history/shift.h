// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// How far one sample of measurements lies from another, whatever their distribution.
#ifndef SLOTMARK_BENCH_HISTORY_SHIFT_H_
#define SLOTMARK_BENCH_HISTORY_SHIFT_H_

#include <stddef.h>

// SM_SHIFT_SAMPLE is how many measurements of a sample count at most.
#define SM_SHIFT_SAMPLE 64

// sm_shift is how many times the first the second is.
struct sm_shift {
    double ratio; // the median of the ratios of all pairs (Hodges and Lehmann, 1963)
    double least,
        greatest; // bounds on it that hold with a probability of about 95 %: ranks of the ratios (Moses, 1953)
};

// sm_shift_between compares two samples of measurements above zero, each of 1 or more. Of a long one, those count that
// are next to the other: the last of the first, the first of the second.
struct sm_shift sm_shift_between(const double *first, size_t first_count, const double *second, size_t second_count);

// sm_median_of returns the median of 1 value or more, and leaves them in order.
double sm_median_of(double *values, size_t count);

#endif // SLOTMARK_BENCH_HISTORY_SHIFT_H_
