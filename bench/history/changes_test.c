// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Changes are found where there are some, in their place, and where there are none, as rarely as is promised.
#include "bench/history/changes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/history/noise.h"

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

enum { MOST = 1000 };

static double values[MOST];
static struct sm_change changes[MOST];

static void measure(enum sm_noise noise, size_t count, uint64_t seed) {
    for (size_t i = 0; i < count; i++) {
        values[i] = sm_noise_measure(noise, &seed);
    }
}

static void slow_down(size_t from, size_t to, double times) {
    for (size_t i = from; i < to; i++) {
        values[i] *= times;
    }
}

static size_t find(size_t count) {
    size_t found;
    EXPECT(sm_changes_find(values, count, SM_CHANGES_ALPHA, 1, changes, &found));
    return found;
}

static int is_near(size_t at, size_t truth, size_t tolerance) {
    return at + tolerance >= truth && at <= truth + tolerance;
}

// changed_of returns in how many of `rounds` series without a change one is found.
static size_t changed_of(enum sm_noise noise, size_t count, size_t rounds, double alpha) {
    size_t changed = 0;
    for (uint64_t round = 0; round < rounds; round++) {
        size_t found;
        measure(noise, count, round * 1000 + noise);
        EXPECT(sm_changes_find(values, count, alpha, round, changes, &found));
        changed += found > 0;
    }
    return changed;
}

// At most one series in a hundred, whatever the noise; and if more were asked for, more would be found.
static void test_nothing_to_find(void) {
    enum { ROUNDS = 300 };
    for (enum sm_noise noise = 0; noise < SM_NOISE_COUNT; noise++) {
        EXPECT(changed_of(noise, 12, ROUNDS, SM_CHANGES_ALPHA) <= ROUNDS / 100);
        EXPECT(changed_of(noise, 60, ROUNDS, SM_CHANGES_ALPHA) <= ROUNDS / 100);
        EXPECT(changed_of(noise, 60, ROUNDS / 3, 0.1) > ROUNDS / 100);
    }
}

// A step of five percent stands out of each noise that is not much larger.
static void test_step(void) {
    for (enum sm_noise noise = 0; noise < SM_NOISE_COUNT; noise++) {
        measure(noise, 100, noise);
        slow_down(60, 100, 1.05);
        EXPECT(find(100) == 1);
        EXPECT(is_near(changes[0].at, 60, 3));
        EXPECT(changes[0].from == 0 && changes[0].to == 100);
        EXPECT(changes[0].probability > 0 && changes[0].probability <= SM_CHANGES_ALPHA);
    }
}

// Each of several is found, up or down, and is compared with what lies between its neighbours.
static void test_several(void) {
    static const double levels[] = {1, 1.1, 1, 1.2, 1, 1.1, 1.3, 1.1};
    enum { LEVELS = sizeof levels / sizeof levels[0] };
    for (size_t mirrored = 0; mirrored < 2; mirrored++) {
        measure(SM_NOISE_NORMAL, MOST, 3);
        for (size_t i = 0; i < LEVELS; i++) {
            slow_down(i * MOST / LEVELS, (i + 1) * MOST / LEVELS, levels[mirrored ? LEVELS - 1 - i : i]);
        }
        EXPECT(find(MOST) == LEVELS - 1);
        for (size_t i = 0; i < LEVELS - 1; i++) {
            EXPECT(changes[i].at == (i + 1) * MOST / LEVELS);
            EXPECT(changes[i].from == i * MOST / LEVELS && changes[i].to == (i + 2) * MOST / LEVELS);
        }
    }
}

// What was slow for 20 of 600, and then was mended, moves neither of any two halves by much.
static void test_mended(void) {
    measure(SM_NOISE_NORMAL, 600, 4);
    slow_down(300, 320, 1.05);
    EXPECT(find(600) == 2);
    EXPECT(is_near(changes[0].at, 300, 1) && is_near(changes[1].at, 320, 1));
}

// A slowdown is found as soon as six measurements show it, after a hundred that do not; one is not enough.
static void test_newest(void) {
    measure(SM_NOISE_NORMAL, 106, 5);
    slow_down(100, 106, 1.05);
    EXPECT(find(106) == 1 && changes[0].at == 100);
    EXPECT(find(101) == 0);
}

// The unit does not matter.
static void test_unit(void) {
    struct sm_change before[4];
    measure(SM_NOISE_CAUCHY, 300, 6);
    slow_down(100, 300, 1.1);
    slow_down(200, 300, 1.1);
    EXPECT(find(300) == 2);
    memcpy(before, changes, sizeof before);
    slow_down(0, 300, 1024);
    EXPECT(find(300) == 2);
    EXPECT(memcmp(before, changes, 2 * sizeof before[0]) == 0);
}

// Of what does not vary, a step is a change, and one that is off is none.
static void test_constant(void) {
    for (size_t i = 0; i < 50; i++) {
        values[i] = 48;
    }
    EXPECT(find(50) == 0);
    values[20] = 64;
    EXPECT(find(50) == 0);
    values[20] = 48;
    slow_down(40, 50, 2);
    EXPECT(find(50) == 1 && changes[0].at == 40);
}

static void test_short(void) {
    double rising[] = {1, 2, 3, 4};
    memcpy(values, rising, sizeof rising);
    for (size_t count = 0; count <= 4; count++) {
        EXPECT(find(count) == 0);
    }
}

// A change is found among so few measurements, and nothing among fewer, wherever and however large it is.
static void test_least(void) {
    for (size_t count = 2; count <= SM_CHANGES_LEAST; count++) {
        size_t found = 0;
        for (size_t from = 1; from < count; from++) {
            for (size_t i = 0; i < count; i++) {
                values[i] = 100 + 0.01 * (double)(i * 5 % count);
            }
            slow_down(from, count, 2);
            found += find(count);
        }
        EXPECT((found > 0) == (count == SM_CHANGES_LEAST));
    }
}

// clearness is that of a cut before `at`, by its definition.
static double clearness(const double *scores, size_t count, size_t at) {
    double sum = 0;
    for (size_t i = 0; i < at; i++) {
        sum += scores[i];
    }
    return sum * sum / ((double)at * (double)(count - at));
}

// Of the 70 orders of four that are slow and four that are not, those where one end has all of a kind are as clear as
// that where the last four are slow: the probability is what share of all they make.
static void test_probability(void) {
    enum { COUNT = 8 };
    double as_clear = 0, all = 0;
    for (unsigned slow = 0; slow < 1u << COUNT; slow++) {
        double scores[COUNT], clearest = 0;
        if (__builtin_popcount(slow) == COUNT / 2) {
            for (size_t i = 0; i < COUNT; i++) {
                scores[i] = slow >> i & 1 ? 1 : -1;
            }
            for (size_t at = 1; at < COUNT; at++) {
                clearest = fmax(clearest, clearness(scores, COUNT, at));
            }
            // On the grid there is, of eight, the stretch of four from the second, third and fourth.
            for (size_t begin = 1; begin < COUNT / 2; begin++) {
                double sum = scores[begin] + scores[begin + 1] + scores[begin + 2] + scores[begin + 3];
                clearest = fmax(clearest, sum * sum / (4 * 4));
            }
            as_clear += clearest >= 1; // four of a kind
            all++;
        }
    }
    EXPECT(all == 70 && as_clear == 8);
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = i < COUNT / 2 ? 1 : 2;
    }
    size_t found;
    EXPECT(sm_changes_find(values, COUNT, 0.2, 1, changes, &found) && found == 1);
    // Once found, it is tested as a cut alone: two of the 70 orders are as clear.
    EXPECT(changes[0].at == 4 && fabs(changes[0].probability - 2 / all) < 0.02);
    EXPECT(sm_changes_find(values, COUNT, as_clear / all / 2, 1, changes, &found) && found == 0);
    // It comes from the orders that the seed draws.
    double drawn[4];
    for (uint64_t seed = 0; seed < 4; seed++) {
        EXPECT(sm_changes_find(values, COUNT, 0.2, 3 + seed / 2, changes, &found) && found == 1);
        drawn[seed] = changes[0].probability;
    }
    EXPECT(drawn[0] == drawn[1] && drawn[1] != drawn[2] && drawn[2] == drawn[3]);
}

int main(void) {
    test_nothing_to_find();
    test_step();
    test_several();
    test_mended();
    test_newest();
    test_unit();
    test_constant();
    test_short();
    test_least();
    test_probability();
    return 0;
}
