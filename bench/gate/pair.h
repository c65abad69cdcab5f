// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Two implementations timed in turns, inside one process: epochs of about a tenth of a millisecond, so short that
// whatever disturbs the machine disturbs both. Beside the pair run two witnesses: a second copy of the baseline, which
// must not differ from it, and the baseline with work added, which must.
#ifndef SLOTMARK_BENCH_GATE_PAIR_H_
#define SLOTMARK_BENCH_GATE_PAIR_H_

#include "bench/bench.h"

// SM_SIDE_*: who is timed.
enum sm_side {
    SM_SIDE_BASELINE,
    SM_SIDE_CANDIDATE,
    SM_SIDE_TWIN,    // the baseline once more, from a copy of its file
    SM_SIDE_CONTROL, // the baseline, with SM_CONTROL_PERCENT more rounds than are counted
    SM_SIDE_COUNT
};

// SM_CONTROL_PERCENT is the slowdown that every run must find.
#define SM_CONTROL_PERCENT 2

// sm_pair_request is what one launch times.
struct sm_pair_request {
    const struct sm_bench *bench;
    const struct sm_subject_tables *sides[SM_SIDE_COUNT];
    uint64_t seed;  // of the order in which they run
    double seconds; // for all sides together
};

// sm_pair_result is what it found: medians over the blocks, each of which has every side twice, once in an order and
// once in its reverse.
struct sm_pair_result {
    int offered;                      // all sides offer the bench
    uint32_t blocks;                  // how many there were
    double baseline_ns;               // a round
    double log_ratios[SM_SIDE_COUNT]; // natural logarithm of side by baseline
};

// sm_pair_run times one bench, on the calling thread, which it pins to the processor that it is on.
void sm_pair_run(const struct sm_pair_request *request, struct sm_pair_result *out);

#endif // SLOTMARK_BENCH_GATE_PAIR_H_
