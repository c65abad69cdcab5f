// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What launches say together. Each launch is one draw: inside it the pair is compared almost without noise, but one
// launch in seven is off by up to a fifth for as long as its process lives, whatever is compared. So a launch counts
// once, by the median of its blocks, and what is asked is on which side of a bound most launches lie. As in the sign
// test, nothing is supposed of how they are distributed.
//
// A sign test is of a number of launches that is fixed before. This one may be looked at after each launch, and ended
// when it tells, or when nobody has the time for more: it bets that launches lie beyond the bound. Of a stake of 1 in
// bets that are fair, the probability that it is ever worth w or more is 1/w at most (Ville, 1939). So what was once
// said stands, and is as sure as if there had been one look.
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

// sm_pace_test is how improbable each answer would be by chance, from `count` launches' log ratios, in the order in
// which they were made, and a bound on them: 1 where nothing speaks for it.
struct sm_pace_test {
    double slower; // if half of the launches that could be lie above the bound, or fewer
    double faster; // if half of them lie below its negative, or fewer
    double same;   // if half of them lie below the bound, or fewer, or half above its negative, or fewer
    double median; // of the launches
};
struct sm_pace_test sm_pace_test(const double *log_ratios, size_t count, double bound);

// SM_PACE_ALPHA is the alpha of a gate.
#define SM_PACE_ALPHA 0.05

// SM_PACE_BOUND_PERCENT is the bound of a gate, in per cent, where nobody asks for another.
#define SM_PACE_BOUND_PERCENT 0.25

// sm_pace_decide turns the tests of several benches into verdicts, so that with probability 1 - alpha none of the
// SLOWER and FASTER among them is by chance (Holm, 1979).
void sm_pace_decide(const struct sm_pace_test *tests, size_t count, double alpha, enum sm_pace *out);

#endif // SLOTMARK_BENCH_GATE_VERDICT_H_
