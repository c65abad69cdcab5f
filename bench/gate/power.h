// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the gate said of pairs of which is known how they differ, and how that is shown.
#ifndef SLOTMARK_BENCH_GATE_POWER_H_
#define SLOTMARK_BENCH_GATE_POWER_H_

#include "bench/gate/suites.h"

// SM_POWER_BUSY is how many processes compute beside the gate in the second of the two loads.
enum { SM_POWER_BUSY = 3, SM_POWER_LOADS = 2 };

// sm_power_pair is what the gate is given.
struct sm_power_pair {
    double percent; // how much slower the candidate is by its instructions; 0: it is the same
    const char *baseline, *candidate;
    unsigned threads;
    unsigned every; // it is asked for in each round of so many
};

enum { SM_POWER_PAIRS = 8 };
extern const struct sm_power_pair sm_power_pairs[SM_POWER_PAIRS];

enum { SM_POWER_VERDICTS_MAX = 10000 };

// sm_power_found is what the gate said of one pair beside so many busy processes.
struct sm_power_found {
    unsigned verdicts, slower, faster, same; // the others are UNDECIDED, INVALID or LAYOUT-SUSPECT
    double seconds, longest;                 // all verdicts, and the one that took longest
    double percents[SM_POWER_VERDICTS_MAX];  // by how much the candidate was slower
};

// sm_power is all that was found.
struct sm_power {
    struct sm_power_found found[SM_POWER_LOADS][SM_POWER_PAIRS];
    unsigned suites, accused; // suites of what is the same, and those of which a bench is SLOWER or FASTER
    double suites_seconds;
    struct sm_suites launches; // of these
};

// sm_power_caught returns what counts: slowdowns that were caught; of what is the same, alarms.
unsigned sm_power_caught(const struct sm_power *power, unsigned load, unsigned pair);

// sm_power_print prints a table, and beside what is asked of a gate what was found. It sorts what it is given.
void sm_power_print(struct sm_power *power);

// sm_power_draw writes the curve of one thread as SVG. Returns 1, or 0 after a complaint.
int sm_power_draw(const struct sm_power *power, const char *path);

#endif // SLOTMARK_BENCH_GATE_POWER_H_
