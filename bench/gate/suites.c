// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/gate/suites.h"

#include <stdio.h>

#include "bench/gate/verdict.h"
#include "conformance/harness/random.h"

enum {
    LAUNCHES_WHOLE = 9, // the first ones of a gate, which have all benches
    LAUNCHES_DRAWN = 61 // the most that it makes
};

int sm_suites_add(struct sm_suites *suites, const char *path) {
    char line[512];
    unsigned benches = 0;
    FILE *file = fopen(path, "r");
    if (file == NULL || suites->launches + 2 * LAUNCHES_WHOLE > SM_SUITE_LAUNCHES_MAX) {
        if (file != NULL) {
            fclose(file);
        }
        return 0;
    }
    while (fgets(line, sizeof line, file) != NULL && benches < SM_SUITE_BENCHES_MAX) {
        unsigned launch;
        double candidate, twin;
        if (sscanf(line, "%*[^,],%*u,as-built,%u,%*u,%*g,%lg,%lg", &launch, &candidate, &twin) == 3 &&
            launch < LAUNCHES_WHOLE) {
            benches += launch == 0; // a bench's launches follow each other
            if (benches > 0) {
                suites->log_ratios[suites->launches + 2 * launch][benches - 1] = candidate;
                suites->log_ratios[suites->launches + 2 * launch + 1][benches - 1] = twin;
            }
        }
    }
    fclose(file);
    if (benches == 0 || (suites->benches != 0 && benches != suites->benches)) {
        return 0;
    }
    suites->benches = benches;
    suites->launches += 2 * LAUNCHES_WHOLE;
    return 1;
}

// count_alarms returns how many of the benches are said to be slower or faster.
static unsigned count_alarms(const struct sm_pace_test *tests, unsigned benches) {
    static enum sm_pace paces[SM_SUITE_BENCHES_MAX];
    unsigned alarms = 0;
    sm_pace_decide(tests, benches, SM_PACE_ALPHA, paces);
    for (unsigned bench = 0; bench < benches; bench++) {
        alarms += paces[bench] == SM_PACE_SLOWER || paces[bench] == SM_PACE_FASTER;
    }
    return alarms;
}

unsigned sm_suites_draw(const struct sm_suites *suites, unsigned count, double bound, uint64_t seed,
                        unsigned *out_alarms) {
    static struct sm_pace_test tests[SM_SUITE_BENCHES_MAX];
    unsigned accused = 0;
    *out_alarms = 0;
    for (unsigned suite = 0; suite < count && suites->launches > 0; suite++) {
        uint64_t drawn[LAUNCHES_DRAWN];
        double signs[LAUNCHES_DRAWN];
        for (unsigned i = 0; i < LAUNCHES_DRAWN; i++) {
            drawn[i] = sm_random(&seed) % suites->launches;
            signs[i] = sm_random(&seed) % 2 != 0 ? 1 : -1;
        }
        for (unsigned bench = 0; bench < suites->benches; bench++) {
            double log_ratios[LAUNCHES_DRAWN];
            for (unsigned i = 0; i < LAUNCHES_DRAWN; i++) {
                log_ratios[i] = signs[i] * suites->log_ratios[drawn[i]][bench];
            }
            tests[bench] = sm_pace_test(log_ratios, LAUNCHES_DRAWN, bound);
            *out_alarms += count_alarms(&tests[bench], 1);
        }
        accused += count_alarms(tests, suites->benches) > 0;
    }
    return accused;
}
