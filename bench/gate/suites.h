// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Whole suites of benches of what is the same, and how often a gate would accuse one of them.
//
// A suite takes half a minute, and an alarm in a thousand is looked for. So suites are put together from the launches
// of a few that were run, each of which has all benches, and compares the baseline with two that are the same: the
// candidate and the twin. Launches are drawn for a suite with replacement, as many as a gate makes at most. As the two
// are the same, it is drawn, too, which of them was timed as the baseline: else a bench of which most launches lay on
// one side by chance would lie there in all suites. It shows what the gate makes of launches as they were seen, and
// nothing of those that were not; that one side is favoured is seen by suites that were run alone.
#ifndef SLOTMARK_BENCH_GATE_SUITES_H_
#define SLOTMARK_BENCH_GATE_SUITES_H_

#include <stdint.h>

enum { SM_SUITE_BENCHES_MAX = 256, SM_SUITE_LAUNCHES_MAX = 1024 };

// sm_suites is the launches to draw from.
struct sm_suites {
    unsigned benches, launches; // two of each that was run
    double log_ratios[SM_SUITE_LAUNCHES_MAX][SM_SUITE_BENCHES_MAX];
};

// sm_suites_add adds the launches of a suite from what slotmark gate --raw wrote, which is as long as the others were.
// Returns 1, or 0 where it is not.
int sm_suites_add(struct sm_suites *suites, const char *path);

// sm_suites_draw puts so many together, decides each by that bound on log ratios, and returns how many of them have a
// bench that is SLOWER or FASTER; *out_alarms is how many such benches there are where each is decided alone.
unsigned sm_suites_draw(const struct sm_suites *suites, unsigned count, double bound, uint64_t seed,
                        unsigned *out_alarms);

#endif // SLOTMARK_BENCH_GATE_SUITES_H_
