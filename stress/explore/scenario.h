// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Scenarios explored: instead of running a race many times, each of its executions is gone through once. The subject's
// variables and memory are the same at the beginning of each.
#ifndef SLOTMARK_STRESS_EXPLORE_SCENARIO_H_
#define SLOTMARK_STRESS_EXPLORE_SCENARIO_H_

#include "conformance/harness/trial.h"
#include "stress/explore/explore.h"

// sm_explored is what is explored: as sm_explore_client, of a trial.
struct sm_explored {
    unsigned threads;
    void *context;
    void (*begin)(struct sm_trial *trial, void *context); // alone
    void (*act)(struct sm_trial *trial, void *context, unsigned thread);
    void (*end)(struct sm_trial *trial, void *context); // alone, after each complete execution
    // judge looks at what was seen, after `end`. It may allocate what outlives the execution. May be NULL.
    void (*judge)(struct sm_trial *trial, void *context);
};

// sm_explore_begin prepares the process for exploring the subject of a trial; once, before the first of what follows.
// Where the trial's program has an execution after an @, that one is run, and no other.
void sm_explore_begin(struct sm_trial *trial);

// sm_explore_scenario goes through all executions, or where the trial draws them, draws so many, and adds to `total`.
// It fails at a race of plain accesses, a use of memory after its free or beyond its end, a second free or a deadlock,
// with the execution as its story. TRUNCATED where a bound was met, or where all were to be gone through and the
// trial's share of the time is used up. Returns 0 where it is used up, and fewer were drawn.
int sm_explore_scenario(struct sm_trial *trial, const struct sm_explored *explored, uint64_t draws,
                        struct sm_explore_result *total);

// sm_explore_part says which part of the case is explored next, for an estimate of the whole: after what share of it
// comes what share. Else it is all of it.
void sm_explore_part(double before, double share);

// sm_explore_again tells whether all is to be explored once more, as if each compare-exchange were weak that may be:
// the totals are of the last time.
int sm_explore_again(struct sm_trial *trial, struct sm_explore_result *total);

// sm_explore_end notes how much was explored, of what (" of 12 programs" or ""), and the rest. Where it was drawn, the
// case ends so, as SAMPLED.
void sm_explore_end(struct sm_trial *trial, const struct sm_explore_result *total, const char *of, const char *rest);

// sm_explore_program_is names the program that is explored next, for the token of a failure.
void sm_explore_program_is(const char *drawn);

// sm_explore_tell tells `first`, and then the execution under way or just over, as the story of the failure that
// follows.
void sm_explore_tell(struct sm_trial *trial, const char *first);

#endif // SLOTMARK_STRESS_EXPLORE_SCENARIO_H_
