// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Percentiles against the exact ones, of values from all powers of two.
#include "bench/histogram.h"

#include <stdio.h>
#include <stdlib.h>

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

enum { COUNT = 10000 };

static int compare(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static void test_small(void) {
    static struct sm_histogram histogram;
    EXPECT(sm_histogram_percentile(&histogram, 50) == 0);
    for (uint64_t value = 1; value <= 10; value++) {
        sm_histogram_add(&histogram, value);
    }
    EXPECT(sm_histogram_percentile(&histogram, 50) == 5);
    EXPECT(sm_histogram_percentile(&histogram, 51) == 6);
    EXPECT(sm_histogram_percentile(&histogram, 90) == 9);
    EXPECT(sm_histogram_percentile(&histogram, 99) == 10 && sm_histogram_percentile(&histogram, 100) == 10);
    EXPECT(sm_histogram_percentile(&histogram, 0) == 1);
}

static void test_error(void) {
    static struct sm_histogram histogram;
    static uint64_t values[COUNT];
    uint64_t random = 1;
    for (unsigned i = 0; i < COUNT; i++) {
        random = random * UINT64_C(6364136223846793005) + 1;
        values[i] = random >> (18 + i % 46);
        sm_histogram_add(&histogram, values[i]);
    }
    qsort(values, COUNT, sizeof values[0], compare);
    for (unsigned permille = 1; permille <= 1000; permille++) {
        uint64_t exact = values[(COUNT * permille + 999) / 1000 - 1];
        uint64_t told = sm_histogram_percentile(&histogram, permille / 10.0);
        EXPECT(told >= exact && told - exact <= exact / 64);
    }
    EXPECT(sm_histogram_percentile(&histogram, 100) == values[COUNT - 1]);
}

// What takes longer than any counter says is counted, and the greatest is known.
static void test_overflow(void) {
    static struct sm_histogram histogram;
    sm_histogram_add(&histogram, UINT64_MAX);
    EXPECT(histogram.count == 1 && histogram.greatest == UINT64_MAX);
    EXPECT(sm_histogram_percentile(&histogram, 50) > UINT64_C(1) << 46);
}

int main(void) {
    test_small();
    test_error();
    test_overflow();
    return 0;
}
