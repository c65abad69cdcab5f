// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What launches say together. Each launch is one draw: inside it the pair is compared almost without noise, but one
// launch in seven is off by up to a fifth for as long as its process lives, whatever is compared. So a launch counts
// once, by the median of its blocks, and what is asked is on which side of a bound most launches lie. The answer is
// that of the sign test, which supposes nothing about how they are distributed.
#ifndef SLOTMARK_BENCH_GATE_VERDICT_H_
#define SLOTMARK_BENCH_GATE_VERDICT_H_

#include <stddef.h>

enum sm_pace {
    SM_PACE_UNDECIDED, // more launches may tell
    SM_PACE_SLOWER,    // by more than the bound
    SM_PACE_FASTER,    // by more than the bound
    SM_PACE_SAME       // shown to be within the bound, not merely not shown to be without
};

// sm_pace_name returns "SLOWER" and so on.
const char *sm_pace_name(enum sm_pace pace);

// sm_pace_test is how improbable each answer would be by chance, from `count` launches' log ratios and a bound on them.
struct sm_pace_test {
    double slower; // the probability of so many launches above the bound, were the truth at it
    double faster; // and below its negative
    double same;   // of so many within, on either side, were the truth at one of the two
    double median; // of the launches
};
struct sm_pace_test sm_pace_test(const double *log_ratios, size_t count, double bound);

// sm_pace_decide turns the tests of several benches into verdicts, so that with probability 1 - alpha none of the
// SLOWER and FASTER among them is by chance (Holm, 1979).
void sm_pace_decide(const struct sm_pace_test *tests, size_t count, double alpha, enum sm_pace *out);

#endif // SLOTMARK_BENCH_GATE_VERDICT_H_
