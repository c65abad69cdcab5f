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

// Of the shares 0.6, 0.7, 0.8 and 0.9 the mean is 0.75. A stake of 1 comes to twice that after a launch that lies
// above, and to four times the mean of their squares after two.
static void test_bets(void) {
    static const double mean = 0.75, square = (0.36 + 0.49 + 0.64 + 0.81) / 4;
    double above[] = {1, 2};
    struct sm_pace_test test = sm_pace_test(above, 1, 0.5);
    EXPECT(is_near(test.slower, 1 / (2 * mean)) && is_near(test.faster, 1) && is_near(test.same, 1));
    test = sm_pace_test(above, 2, 0.5);
    EXPECT(is_near(test.slower, 1 / (4 * square)) && is_near(test.median, 1.5));
    double across[] = {1, -1, 0};
    test = sm_pace_test(across, 2, 0.5);
    EXPECT(is_near(test.slower, 1 / (2 * mean))); // what was won stays so
    EXPECT(is_near(test.faster, 1));              // it came to four times the mean less that of the squares
    EXPECT(is_near(sm_pace_test(across, 3, 0.5).median, 0));
    double within[] = {0.1, -0.1, 0.5, -0.5}; // what is at the bound is neither within nor beyond
    test = sm_pace_test(within, 2, 0.5);
    EXPECT(is_near(test.same, 1 / (4 * square)) && is_near(test.slower, 1));
    test = sm_pace_test(&within[2], 2, 0.5);
    EXPECT(is_near(test.same, 1) && is_near(test.slower, 1) && is_near(test.faster, 1));
    test = sm_pace_test(NULL, 0, 0.5);
    EXPECT(is_near(test.slower, 1) && is_near(test.faster, 1) && is_near(test.same, 1));
}

// ------------------------------------------------------------------------------------------------------------------
// Looks

enum { LAUNCHES = 41 };

// improbability is that of `above` launches of `count` above a bound: those that are not, first.
typedef double improbability(unsigned above, unsigned count);

static double by_bets(unsigned above, unsigned count) {
    double launches[LAUNCHES];
    for (unsigned i = 0; i < count; i++) {
        launches[i] = i < count - above ? -1 : 1;
    }
    return sm_pace_test(launches, count, 0).slower;
}

// by_signs is the sign test, which is right where one looks once.
static double by_signs(unsigned above, unsigned count) {
    double sum = 0;
    for (unsigned i = above; i <= count; i++) {
        sum += exp(lgamma(count + 1.0) - lgamma(i + 1.0) - lgamma(count - i + 1.0) - count * log(2));
    }
    return sum;
}

// said returns the probability that it is ever said that launches lie above the bound, each with the probability
// `share`, by looks after each launch: the sum over all ways in which they may fall.
static double said(improbability *of, double share, double alpha) {
    double ways[LAUNCHES + 2] = {1}, sum = 0; // to so many above, without its having been said
    for (unsigned count = 1; count <= LAUNCHES; count++) {
        for (unsigned above = count + 1; above-- > 0;) {
            ways[above] = ways[above] * (1 - share) + (above > 0 ? ways[above - 1] * share : 0);
            if (of(above, count) <= alpha) {
                sum += ways[above];
                ways[above] = 0;
            }
        }
    }
    return sum;
}

// Whoever looks after each launch is wrong no more often than promised; with a test that is made for one look, he is.
static void test_looks(void) {
    EXPECT(said(by_bets, 0.5, 0.025) <= 0.025 && said(by_bets, 0.5, 0.05) <= 0.05);
    EXPECT(said(by_bets, 0.5, 0.025) > 0.005); // and it is said at all
    EXPECT(said(by_signs, 0.5, 0.025) > 0.05);
    EXPECT(said(by_bets, 0.4, 0.025) < said(by_bets, 0.5, 0.025));
    EXPECT(said(by_bets, 0.93, 0.025) > 0.9999);    // launches that are off, one in seven, on either side
    EXPECT(said(by_bets, 0.93, 0.025 / 40) > 0.99); // among forty benches
}

// Launches that are off by chance do not make the others so.
static void test_outliers(void) {
    double launches[] = {0, 0, 0.2, 0, 0, 0, 0, -0.19, 0, 0, 0, 0.18, 0, 0, 0};
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
    test_bets();
    test_looks();
    test_outliers();
    test_holm();
    return 0;
}
