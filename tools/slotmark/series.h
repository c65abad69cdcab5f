// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the launches of a gate said of one bench, and what follows.
#ifndef SLOTMARK_TOOLS_SLOTMARK_SERIES_H_
#define SLOTMARK_TOOLS_SLOTMARK_SERIES_H_

#include "bench/gate/verdict.h"
#include "tools/slotmark/launch.h"
#include "tools/slotmark/places.h"

// SM_SIDE_*: who is timed. Beside the two run two witnesses: the baseline once more, from a copy of its file, which
// must not differ from it, and the baseline with work added, which must.
enum sm_side_name { SM_SIDE_BASELINE, SM_SIDE_CANDIDATE, SM_SIDE_TWIN, SM_SIDE_CONTROL, SM_SIDE_COUNT };

// SM_LAID_*: where the objects lie. As they were built; and, where one is slower or faster so, moved, to other places
// in each launch. Such a launch has no control, and has both objects in several places that follow each other: what it
// says of the candidate is the mean of these, and of the twin by how much the baseline differs most from itself.
enum sm_laid { SM_LAID_AS_BUILT, SM_LAID_MOVED, SM_LAID_COUNT };

enum {
    SM_LAUNCHES_FIRST = 9,       // until the first verdict; then there is one after each
    SM_LAUNCHES_FIRST_MOVED = 8, // fewer tell of no bench, though all agree
    SM_LAUNCHES_MAX = 401        // of a sample
};

// sm_sample is what launches said, each once.
struct sm_sample {
    size_t launches;
    uint32_t blocks[SM_LAUNCHES_MAX];
    double baseline_ns[SM_LAUNCHES_MAX];
    double log_ratios[SM_SIDE_COUNT][SM_LAUNCHES_MAX]; // to the baseline's time; NAN of a control that did not run
};

struct sm_series {
    const struct sm_bench *bench;
    unsigned number, threads;
    char name[64];          // "slot/put_take/threads:2"
    int offered[2];         // by the baseline, and by the candidate
    double instructions[2]; // of a round, of either; 0 where nobody counted
    struct sm_sample samples[SM_LAID_COUNT];
    enum sm_pace paces[SM_LAID_COUNT][SM_SIDE_COUNT];
};

// sm_series_of returns the series of a bench, by its number in sm_benches, without launches.
struct sm_series sm_series_of(unsigned number, unsigned threads);

// sm_series_profiles returns the profiles of the series, as bits.
unsigned sm_series_profiles(const struct sm_series *series, size_t count);

// sm_gathering is what is launched.
struct sm_gathering {
    const char *paths[2];     // of the baseline and the candidate
    struct sm_places places;  // where both may be moved to, found out when something is SLOWER or FASTER
    double bound;             // as a log ratio
    double seconds;           // of a bench in a launch
    double budget_seconds;    // after which no launch begins but the first SM_LAUNCHES_FIRST; 0: there is none
    size_t launches_most;     // at most SM_LAUNCHES_MAX
    unsigned control_percent; // the work that is added to the control
    uint64_t seed;
    int common; // leave out what one of the two does not offer, instead of complaining of it
};

// sm_series_gather launches until all is settled, or the launches are used up, and decides. It leaves out the series of
// what is not offered. Returns 1, or 0 after a complaint.
int sm_series_gather(struct sm_gathering *gathering, struct sm_series *series, size_t *count);

// sm_series_keep_offered leaves out the series of what is not offered. Returns 1, or 0 after a complaint of what one of
// the two offers alone.
int sm_series_keep_offered(const struct sm_gathering *gathering, struct sm_series *series, size_t *count);

// sm_series_decide gives all series their paces, side by side, from the launches that there are.
void sm_series_decide(struct sm_series *series, size_t count, double bound);

// sm_series_is_different tells whether the candidate is SLOWER or FASTER as the objects were built.
int sm_series_is_different(const struct sm_series *one);

// sm_series_verdict returns "SLOWER", "FASTER", "SAME", "UNDECIDED", "LAYOUT-SUSPECT" or "INVALID".
const char *sm_series_verdict(const struct sm_series *one);

#endif // SLOTMARK_TOOLS_SLOTMARK_SERIES_H_
