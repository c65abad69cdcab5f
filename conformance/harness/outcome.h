// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The outcome of one trial: a verdict and what explains it. A trial writes it into memory that it shares with the
// judge, so that whatever becomes of the process, what it saw is not lost.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_OUTCOME_H_
#define SLOTMARK_CONFORMANCE_HARNESS_OUTCOME_H_

#include <stdatomic.h>
#include <stdint.h>

// sm_verdict is what a case says of a subject. Nothing that did not run is a pass.
enum sm_verdict {
    SM_VERDICT_NONE, // not run, or not finished yet
    SM_VERDICT_PASS,
    SM_VERDICT_IF_WEAK, // a fault only if a compare-exchange may fail spuriously, of which that is not known
    SM_VERDICT_SAMPLED, // no fault in the executions that were drawn at random; there may be others
    SM_VERDICT_FAIL,
    SM_VERDICT_CRASH,            // a signal, or the implementation ended the process
    SM_VERDICT_HANG,             // the watchdog ended it
    SM_VERDICT_SKIP,             // the subject does not offer it, or declares otherwise
    SM_VERDICT_NOT_INSTRUMENTED, // the subject was built without what this tier looks at
    SM_VERDICT_UNSUPPORTED,      // this build or machine cannot look
    SM_VERDICT_TRUNCATED,        // cut short by a bound
    SM_VERDICT_BROKEN,           // the suite itself could not set up: never the subject's fault
    SM_VERDICT_COUNT
};

// sm_verdict_name returns "PASS", "NOT-INSTRUMENTED" and so on.
const char *sm_verdict_name(enum sm_verdict verdict);

// sm_verdict_is_bad tells whether the verdict stands against the subject: FAIL, CRASH or HANG.
int sm_verdict_is_bad(enum sm_verdict verdict);

// sm_outcome is written by the trial up to `finished`, by the judge after the process has ended.
struct sm_outcome {
    atomic_int claimed;      // by the first thread that ends the case
    atomic_int finished;     // the trial has written all it will
    atomic_int shows_stacks; // and wants the stacks of its threads shown, though it neither crashed nor hung
    enum sm_verdict verdict;
    char expected[384];  // what should have been; empty for PASS
    char seen[384];      // what was; for SKIP, UNSUPPORTED, TRUNCATED and BROKEN the reason; for SAMPLED what was drawn
    char location[160];  // file:line of the expectation
    char note[384];      // of a case that passes: what it observed
    char outcomes[4096]; // of a scenario that grades them and passes: how often each was seen, as a JSON array
    char program[448];   // of a scenario that failed: what its threads did, to be run again; empty where that is fixed
    char story[16384];   // of a case that fails: what happened, in several lines
    char history[8192];  // of a case that fails and records calls: these as a JSON array
    char execution[65536]; // of a case that fails and explores: its events and its fault as a JSON object
    char remedy[1024];     // of such a case: which memory orders would prevent it, in a sentence
    char stacks[6144];     // of all threads, where the case crashed or hung, or shows them
    char output[1024];     // the beginning of what the process printed
    // Of a case that explores, also while it runs: see sm_extent in trial.h.
    _Atomic uint64_t graphs, executions, blocked, events;
    _Atomic double fraction;
    atomic_uint processors; // that its processes use
    // Of a scenario that races: see sm_races in trial.h; the first two also while it runs.
    _Atomic uint64_t rounds;
    _Atomic double seconds_left;
    uint64_t sampled, together, stops, held_up, lowered, refused;
    double miss_rate;
    double found_seconds; // until what failed was seen for the first time, where the case says so; else 0
    double seconds;       // until its process had ended
};

#endif // SLOTMARK_CONFORMANCE_HARNESS_OUTCOME_H_
