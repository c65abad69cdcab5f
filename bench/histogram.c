// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/histogram.h"

#include <math.h>

enum { BITS = 6, STEPS = 1 << BITS }; // of a power of two

static unsigned power_of(uint64_t value) {
    unsigned power = 0;
    while (value >>= 1) {
        power++;
    }
    return power;
}

// index_of returns the counter of a value: its own below STEPS, else one for each of the STEPS parts of a power of two.
static unsigned index_of(uint64_t value) {
    if (value < STEPS) {
        return (unsigned)value;
    }
    unsigned shift = power_of(value) - BITS;
    unsigned index = (shift + 1) * STEPS + (unsigned)(value >> shift) - STEPS;
    return index < SM_HISTOGRAM_SIZE ? index : SM_HISTOGRAM_SIZE - 1;
}

// greatest_of returns the greatest value that a counter counts.
static uint64_t greatest_of(unsigned index) {
    if (index < STEPS) {
        return index;
    }
    unsigned shift = index / STEPS - 1;
    return (((uint64_t)(index % STEPS) + STEPS + 1) << shift) - 1;
}

void sm_histogram_add(struct sm_histogram *histogram, uint64_t value) {
    histogram->counts[index_of(value)]++;
    histogram->count++;
    histogram->greatest = value > histogram->greatest ? value : histogram->greatest;
}

uint64_t sm_histogram_percentile(const struct sm_histogram *histogram, double percent) {
    double wanted = ceil((double)histogram->count * percent / 100);
    uint64_t seen = 0;
    for (unsigned i = 0; i < SM_HISTOGRAM_SIZE; i++) {
        seen += histogram->counts[i];
        if (seen > 0 && (double)seen >= wanted) {
            uint64_t value = greatest_of(i);
            return value < histogram->greatest ? value : histogram->greatest;
        }
    }
    return histogram->greatest;
}
