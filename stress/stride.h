// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Races at memory speed. A stride is an array of fresh objects; the actors of a scenario sweep it side by side, each
// doing its part on one object after the other, and meet only at its two ends. So what the actors do on one object is
// as close together as two processors can be, again and again. (The way of jcstress.)
//
// Each stride is perturbed anew by seed: which processors the actors run on, with what priority, how far apart they
// begin, who pauses or yields how often, and from which end they sweep; and, where the scenario looks at progress, who
// is stopped (stop.h).
#ifndef SLOTMARK_STRESS_STRIDE_H_
#define SLOTMARK_STRESS_STRIDE_H_

#include "conformance/harness/trial.h"
#include "stress/stop.h"

// SM_ACTORS_MAX is the most actors of a scenario.
#define SM_ACTORS_MAX SM_STOP_ACTORS_MAX

// SM_STRIDE_MAX is the most objects of a stride.
#define SM_STRIDE_MAX 256

// sm_strides describes what is done. `begin` and `end` run alone, for a whole stride; an actor runs once for each round
// of it, in an order that all actors of the stride share.
struct sm_strides {
    unsigned actor_count; // 2 to SM_ACTORS_MAX
    unsigned rounds_max;  // of a stride; 0: SM_STRIDE_MAX
    void (*begin)(struct sm_trial *trial, void *context, unsigned rounds);
    void (*act)(struct sm_trial *trial, void *context, unsigned actor, unsigned round);
    // end looks at what the actors left. Returns 1 to go on, 0 where nothing more is wanted.
    int (*end)(struct sm_trial *trial, void *context, unsigned rounds);
    void *context;

    // stand (optional) looks at the round in the midst of which actor `stopped` stands still, once the others have done
    // their parts. Runs on the thread of one of them.
    void (*stand)(struct sm_trial *trial, void *context, unsigned actor, unsigned stopped, unsigned round);
};

// sm_stride_result is what there is to say of a run beside its outcomes.
struct sm_stride_result {
    uint64_t rounds;
    uint64_t sampled;  // rounds in which an actor looked where the others were
    uint64_t together; // of these: another one was in the midst of the same round
    uint64_t lowered;  // actors that had a lower priority, counted anew with each crew
    uint64_t refused;  // actors that were to have one, and could not
    double seconds;
};

// sm_strides_run runs strides for `seconds`, longer where the actors have hardly met by then, or until `end` wants no
// more. UNSUPPORTED on one processor.
void sm_strides_run(struct sm_trial *trial, const struct sm_strides *strides, double seconds,
                    struct sm_stride_result *out);

// sm_stride_percent_together returns the share of rounds in which actors were together, as far as that was sampled.
double sm_stride_percent_together(const struct sm_stride_result *result);

// sm_stride_remark returns what is to be added to a note: that no priority could be lowered, or nothing.
const char *sm_stride_remark(const struct sm_stride_result *result);

// SM_PERCENT_TOGETHER_MIN is the share below which a run proves nothing: it is BROKEN, never a pass. Actors that are
// kept from meeting come to 0; others, on a machine ten times too busy, to a few tenths.
#define SM_PERCENT_TOGETHER_MIN 0.1

// sm_stride_need_together ends the trial as BROKEN where the actors were hardly ever together.
void sm_stride_need_together(struct sm_trial *trial, const struct sm_stride_result *result);

// sm_miss_rate returns the rate of an event, in events a round, that `rounds` rounds without one rule out with a
// confidence of 95 % (the rule of three).
double sm_miss_rate(uint64_t rounds);

#endif // SLOTMARK_STRESS_STRIDE_H_
