// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The statistics of the gate, against values worked out by hand.
#include "bench/gate/verdict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

static int is_near(double actual, double expected) {
    return fabs(actual - expected) < 1e-9;
}

// Nine launches above the bound are one case of 512; eight of nine are ten.
static void test_sign_test(void) {
    double all[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    struct sm_pace_test test = sm_pace_test(all, 9, 0.5);
    EXPECT(is_near(test.slower, 1.0 / 512) && is_near(test.faster, 1) && is_near(test.same, 1));
    EXPECT(is_near(test.median, 5));
    double most[] = {-9, 2, 3, 4, 5, 6, 7, 8, 9};
    test = sm_pace_test(most, 9, 0.5);
    EXPECT(is_near(test.slower, 10.0 / 512));
    EXPECT(is_near(test.faster, 511.0 / 512)); // at least one below
    double within[] = {0.1, -0.1, 0.2, -0.2, 0, 0.3, -0.3, 0.4, 0.1};
    test = sm_pace_test(within, 9, 0.5);
    EXPECT(is_near(test.same, 1.0 / 512) && is_near(test.slower, 1));
    EXPECT(is_near(sm_pace_test(all, 2, 0).median, 1.5));
}

// Launches that are off by chance do not make the others so.
static void test_outliers(void) {
    double launches[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.2, -0.19, 0.18};
    struct sm_pace_test test = sm_pace_test(launches, 15, 0.01);
    enum sm_pace pace;
    sm_pace_decide(&test, 1, 0.05, &pace);
    EXPECT(pace == SM_PACE_SAME);
}

// One verdict among forty needs forty times the evidence; the second, 39 times.
static void test_holm(void) {
    struct sm_pace_test tests[40];
    enum sm_pace paces[40];
    for (unsigned i = 0; i < 40; i++) {
        tests[i] = (struct sm_pace_test){.slower = 1, .faster = 1, .same = 1};
    }
    tests[7].slower = 0.05 / 40 / 2;
    tests[9].faster = 0.05 / 39 / 2;
    tests[11].slower = 0.05 / 37 / 2; // would need 38
    sm_pace_decide(tests, 40, 0.05, paces);
    EXPECT(paces[7] == SM_PACE_SLOWER && paces[9] == SM_PACE_FASTER && paces[11] == SM_PACE_UNDECIDED);
    EXPECT(paces[0] == SM_PACE_UNDECIDED);
    tests[7].slower *= 1.01; // now the first does not hold, and with it none
    sm_pace_decide(tests, 40, 0.05, paces);
    EXPECT(paces[7] == SM_PACE_UNDECIDED && paces[9] == SM_PACE_UNDECIDED);
    sm_pace_decide(tests, 1, 0.05, paces);
    EXPECT(paces[0] == SM_PACE_UNDECIDED);
}

int main(void) {
    test_sign_test();
    test_outliers();
    test_holm();
    return 0;
}
