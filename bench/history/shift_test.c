// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// How far samples lie apart: by hand, and how often the truth lies within the bounds.
#include "bench/history/shift.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench/history/noise.h"

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

static void test_by_hand(void) {
    double first[] = {1, 2, 4}, second[] = {8, 4};
    struct sm_shift shift = sm_shift_between(first, 3, second, 2); // of 1, 2, 2, 4, 4, 8
    EXPECT(shift.ratio == 3 && shift.least == 1 && shift.greatest == 8);
    double one[] = {5}, other[] = {10};
    shift = sm_shift_between(one, 1, other, 1);
    EXPECT(shift.ratio == 2 && shift.least == 2 && shift.greatest == 2);
    double odd[] = {3, 1, 2};
    EXPECT(sm_median_of(odd, 3) == 2 && odd[0] == 1 && odd[2] == 3);
}

// Of four and four, all ratios are within: in 2 of 70 orders the truth is not. Of five and five, two are left out on
// either side: in 4 of 252 orders there are no more on one side of the truth; with three it would be in 7.
static void test_bounds(void) {
    double four[] = {1, 1.5, 2.1, 3.3}, five[] = {1, 1.5, 2.1, 3.3, 4.7};
    struct sm_shift shift = sm_shift_between(four, 4, four, 4);
    EXPECT(shift.ratio == 1 && shift.least == 1 / 3.3 && shift.greatest == 3.3);
    shift = sm_shift_between(five, 5, five, 5);
    EXPECT(shift.ratio == 1 && shift.least == 1.5 / 4.7 && shift.greatest == 4.7 / 1.5);
}

// Of a long sample, what is far from the other does not count.
static void test_near(void) {
    enum { FAR = 40, COUNT = SM_SHIFT_SAMPLE + FAR };
    double first[COUNT], second[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        first[i] = i < FAR ? 1000 : 1;
        second[i] = i < SM_SHIFT_SAMPLE ? 3 : 1000;
    }
    struct sm_shift shift = sm_shift_between(first, COUNT, second, COUNT);
    EXPECT(shift.ratio == 3 && shift.least == 3 && shift.greatest == 3);
}

// Of 400 pairs of samples whose truth is 1.1, it is within the bounds of about 380.
static void test_truth(void) {
    const size_t sizes[][2] = {{5, 5}, {8, 30}, {40, 6}};
    for (enum sm_noise noise = 0; noise < SM_NOISE_COARSE; noise++) {
        for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
            uint64_t state = 7;
            unsigned within = 0;
            for (unsigned round = 0; round < 400; round++) {
                double first[64], second[64];
                for (size_t i = 0; i < sizes[k][0]; i++) {
                    first[i] = sm_noise_measure(noise, &state);
                }
                for (size_t i = 0; i < sizes[k][1]; i++) {
                    second[i] = 1.1 * sm_noise_measure(noise, &state);
                }
                struct sm_shift shift = sm_shift_between(first, sizes[k][0], second, sizes[k][1]);
                EXPECT(shift.least <= shift.ratio && shift.ratio <= shift.greatest);
                within += shift.least <= 1.1 && 1.1 <= shift.greatest;
            }
            EXPECT(within >= 365 && within <= 395);
        }
    }
}

int main(void) {
    test_by_hand();
    test_bounds();
    test_near();
    test_truth();
    return 0;
}
