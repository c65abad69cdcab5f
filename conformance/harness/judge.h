// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The judge puts subject, cases and runner together: one judgement says what every case found of one subject.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_JUDGE_H_
#define SLOTMARK_CONFORMANCE_HARNESS_JUDGE_H_

#include "conformance/harness/outcome.h"
#include "conformance/harness/subject.h"
#include "conformance/harness/suite.h"

// sm_expectation is what a consumer's list of expected failures makes of a result.
enum sm_expectation {
    SM_EXPECTATION_NONE,    // the list does not name the case
    SM_EXPECTATION_MET,     // it failed as listed: told, and not held against the subject
    SM_EXPECTATION_STALE,   // it passed, or failed in another way: the entry is wrong
    SM_EXPECTATION_EXPIRED, // it failed as listed, after the entry's last day
};

// sm_result is one case's.
struct sm_result {
    const struct sm_case *one;
    struct sm_outcome *outcome;
    enum sm_expectation expectation;
    const char *expectation_text; // the entry's reason, or what is wrong with it; NULL where there is none
};

// sm_selection says which cases run.
struct sm_selection {
    enum sm_tier tier;
    unsigned profiles;          // as bits, 1u << enum sm_profile; 0: all
    const char *const *filters; // globs over "slot/SLOT-05/name", "SLOT-05" or "name"; a case runs where one matches
    size_t filter_count;        // 0: all
    unsigned shard_count;       // 0 and 1: all; else the cases whose number modulo this is shard_index
    unsigned shard_index;
    int alone; // leaves out the cases of requirements that speak of several threads at once
};

// sm_judge_options says how they run.
struct sm_judge_options {
    struct sm_selection selection;
    unsigned jobs;
    double timeout_seconds; // of a case
    double budget_seconds;  // of all of them; 0: no bound
    double stress_seconds;  // that all scenarios have together
    double remedy_seconds;  // to look for the memory orders that would prevent what exploring found wrong; 0: none
    int stop_at_first;      // a failure skips the cases that have not begun
    uint64_t seed;
    const char *program;             // of the scenarios that draw one; NULL: they do
    uint64_t draws;                  // executions that a case which explores draws at random; 0: it goes through all
    int assumes_weak, by_priorities; // as in sm_trial
    void (*progress)(void *context, size_t done, size_t count, size_t bad); // may be NULL
    // exploring is told of cases that explore, now and then: how much they have gone through, and about how much there
    // is.
    void (*exploring)(void *context, double graphs, double estimate); // may be NULL
    // racing is told of a scenario that runs, now and then: its name, the rounds so far, and the time left to it.
    void (*racing)(void *context, const char *scenario, double rounds, double seconds_left); // may be NULL
    void *progress_context;
};

// sm_judgement is what came of one subject.
struct sm_judgement {
    const char *argument; // as the user named it, with '?' for what is not printable
    const char *path;     // of its file
    struct sm_subject_description *description;
    char error[SM_SUBJECT_ERROR_SIZE]; // why it could not be judged at all; empty where it was
    char stacks[6144];                 // of a crash or hang while it was loaded; else empty
    char output[1024];                 // what it printed then
    struct sm_result *results;         // of the selected cases of the profiles that it offers
    size_t result_count;
    uint64_t seed;
    enum sm_tier tier;
    double seconds;
};

// sm_tally counts the results of a profile, or of a whole judgement.
struct sm_tally {
    size_t cases;
    size_t verdicts[SM_VERDICT_COUNT];
    size_t expected; // bad verdicts that were expected
    size_t advised;  // bad verdicts on a SHOULD or MAY: told, not held against the subject
    size_t violated; // bad verdicts on a MUST, and entries of the list that are wrong: the subject does not conform
    uint64_t graphs, executions, blocked; // of cases that explore: as sm_extent
};

// sm_selection_has tells whether a case is selected; `index` is its number in the suite.
int sm_selection_has(const struct sm_selection *selection, size_t index);

// sm_judge judges the file at `path`. Everything in `out` lives until the process ends.
void sm_judge(const char *argument, const char *path, const struct sm_judge_options *options, struct sm_judgement *out);

// sm_attempt is a case that failed, run once more: on the program that failed, and with accesses strengthened.
struct sm_attempt {
    const char *program, *strengthened; // as of a trial
    struct sm_outcome *outcome;         // in memory from sm_shared_allocate, zeroed
};

// sm_judge_attempts makes attempts at one case of a judgement, side by side, for at most so many seconds. Returns 0
// where no process could be started.
int sm_judge_attempts(const struct sm_judgement *judgement, const struct sm_judge_options *options,
                      const struct sm_case *one, double seconds, const struct sm_attempt *attempts, size_t count);

// sm_result_is_violation tells whether a result makes the subject nonconforming.
int sm_result_is_violation(const struct sm_result *result);

// sm_tally_of counts the results of `profile`; of all profiles where that is SM_PROFILE_COUNT.
struct sm_tally sm_tally_of(const struct sm_judgement *judgement, enum sm_profile profile);

// sm_tally_unjudged returns how many cases were to be judged, and could not be: no pass, and nobody's fault.
size_t sm_tally_unjudged(const struct sm_tally *tally);

#endif // SLOTMARK_CONFORMANCE_HARNESS_JUDGE_H_
