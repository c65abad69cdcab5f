// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// How often which value came: exact below 64, and from there on within a sixty-fourth of the value, as HdrHistogram
// does with two digits. It holds nanoseconds up to a day.
#ifndef SLOTMARK_BENCH_HISTOGRAM_H_
#define SLOTMARK_BENCH_HISTOGRAM_H_

#include <stdint.h>

#define SM_HISTOGRAM_SIZE 2688 // 64, and 64 for each of the powers of two from 2^6 to 2^46

// sm_histogram is empty where all its bytes are zero.
struct sm_histogram {
    uint64_t counts[SM_HISTOGRAM_SIZE];
    uint64_t count;
    uint64_t greatest;
};

// sm_histogram_add counts a value, of any size. One thread at a time.
void sm_histogram_add(struct sm_histogram *histogram, uint64_t value);

// sm_histogram_percentile returns a value that `percent` of all are not above, as small as can be told; 0 where there
// is none.
uint64_t sm_histogram_percentile(const struct sm_histogram *histogram, double percent);

#endif // SLOTMARK_BENCH_HISTOGRAM_H_
