// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What a gate's power is reckoned by: bounds, against values of tables, and suites that are put together.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/gate/share.h"
#include "bench/gate/suites.h"

#define EXPECT(condition)                                                                                              \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition), exit(1)))

static int is_near(double actual, double expected) {
    return fabs(actual - expected) < 5e-5;
}

static void test_shares(void) {
    EXPECT(is_near(sm_share_least(0, 10), 0) && is_near(sm_share_most(0, 10), 0.3085));
    EXPECT(is_near(sm_share_least(5, 10), 0.1871) && is_near(sm_share_most(5, 10), 0.8129));
    EXPECT(is_near(sm_share_least(100, 100), 0.9638) && is_near(sm_share_most(100, 100), 1));
    EXPECT(is_near(sm_share_most(0, 1000), 0.003682));
    EXPECT(is_near(sm_share_least(0, 0), 0) && is_near(sm_share_most(0, 0), 1));
}

// write_suite writes what a gate would of three benches, of which the second has these log ratios in each launch.
static const char *write_suite(double candidate, double twin) {
    static char path[512];
    const char *folder = getenv("TEST_TMPDIR");
    snprintf(path, sizeof path, "%s/suite.csv", folder != NULL ? folder : "/tmp");
    FILE *file = fopen(path, "w");
    EXPECT(file != NULL);
    fprintf(file, "# slotmark gate --raw, format 3\nbench,threads,laid,launch,...\n");
    for (int bench = 0; bench < 3; bench++) {
        for (int launch = 0; launch < 12; launch++) { // of which the last are not of all benches
            fprintf(file, "bench/%d,1,as-built,%d,60,10,%g,%g,0.02,0,0\n", bench, launch,
                    launch > 8 || bench == 1 ? candidate : 0, launch > 8 || bench == 1 ? twin : 0);
        }
        fprintf(file, "bench/%d,1,moved,0,60,10,9,9,nan,0,0\n", bench);
    }
    EXPECT(fclose(file) == 0);
    return path;
}

static void test_suites(void) {
    static struct sm_suites same, apart, none;
    unsigned alarms;
    EXPECT(sm_suites_add(&same, write_suite(0.001, -0.001)) && sm_suites_add(&same, write_suite(0, 0.002)));
    EXPECT(same.benches == 3 && same.launches == 36);
    EXPECT(sm_suites_draw(&same, 20, 0.0025, 1, &alarms) == 0 && alarms == 0);
    EXPECT(sm_suites_add(&apart, write_suite(0.01, 0.01)) && apart.launches == 18);
    unsigned accused = sm_suites_draw(&apart, 2000, 0.0025, 1, &alarms);
    EXPECT(accused > 0 && accused < 100 && alarms > accused); // half of the launches on either side, by chance more
    EXPECT(sm_suites_draw(&apart, 2000, 0.0025, 1, &alarms) == accused);
    EXPECT(sm_suites_draw(&none, 20, 0.0025, 1, &alarms) == 0 && alarms == 0);
    EXPECT(!sm_suites_add(&none, "no/such/file") && none.launches == 0);
}

int main(void) {
    test_shares();
    test_suites();
    return 0;
}
