// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A litmus scenario: two to four actors do one thing each on a fresh object, and what they saw is graded. It reads as
// an argument: what is done, and of each possible outcome why it may be or may not.
#ifndef SLOTMARK_STRESS_LITMUS_H_
#define SLOTMARK_STRESS_LITMUS_H_

#include "stress/stride.h"

// SM_OUTCOME packs what was seen into one number: up to four integers, from -1 to 65533, in the order in which they
// are printed.
#define SM_OUTCOME_PART(value, place) ((uint64_t)(uint16_t)((value) + 2) << (16 * (place)))
#define SM_OUTCOME1(a)                SM_OUTCOME_PART(a, 0)
#define SM_OUTCOME2(a, b)             (SM_OUTCOME1(a) | SM_OUTCOME_PART(b, 1))
#define SM_OUTCOME3(a, b, c)          (SM_OUTCOME2(a, b) | SM_OUTCOME_PART(c, 2))
#define SM_OUTCOME4(a, b, c, d)       (SM_OUTCOME3(a, b, c) | SM_OUTCOME_PART(d, 3))

// sm_grade is what an outcome says. One that is not listed is forbidden.
enum sm_grade {
    SM_GRADE_ACCEPTABLE = 1, // allowed; whether it is seen depends on the subject
    SM_GRADE_INTERESTING,    // allowed, and rare: seen, it shows that the actors met; never seen, the run tells so
    SM_GRADE_FORBIDDEN       // the requirement is broken
};

struct sm_graded {
    uint64_t outcome; // SM_OUTCOME2(1, 0)
    enum sm_grade grade;
    const char *reason;
};

// SM_GRADED_MAX is the most rows of a scenario.
#define SM_GRADED_MAX 12

// sm_litmus is a scenario. A record has `state_size` bytes, zeroed, for the object and for what the actors saw.
struct sm_litmus {
    size_t state_size;
    unsigned actor_count;
    unsigned rounds_max;                                // of a stride; 0: SM_STRIDE_MAX
    void (*begin)(struct sm_trial *trial, void *state); // alone: makes the object
    void (*actors[SM_ACTORS_MAX])(struct sm_trial *trial, void *state);
    uint64_t (*end)(struct sm_trial *trial, void *state); // alone: frees it, and says what was seen
    const char *form;                                     // what the numbers are: "took first, took second, left"
    struct sm_graded outcomes[SM_GRADED_MAX];             // up to the first of outcome 0
};

// sm_litmus_run runs the scenario for the trial's share of the time. It fails at the first outcome that is forbidden,
// and notes rounds, overlap, how often each outcome was seen, and what rate would have been missed. Where the tier is
// to explore, it goes through each execution once, and notes in how many each outcome is seen.
void sm_litmus_run(struct sm_trial *trial, const struct sm_litmus *litmus);

#endif // SLOTMARK_STRESS_LITMUS_H_
