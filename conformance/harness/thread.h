// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Threads for cases: scripted hand-offs, and short races that prove they were races.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_THREAD_H_
#define SLOTMARK_CONFORMANCE_HARNESS_THREAD_H_

#include "conformance/harness/trial.h"

// sm_on_thread runs `function` on another thread and returns when it has returned: what it did happens before what
// follows.
void sm_on_thread(struct sm_trial *trial, void (*function)(struct sm_trial *trial, void *context), void *context);

// SM_RACE_THREADS is the most actors of a race.
#define SM_RACE_THREADS 4

// sm_race describes rounds in which all actors start together.
struct sm_race {
    void (*begin)(struct sm_trial *trial, void *context, unsigned round); // alone, before the actors; may be NULL
    void (*actors[SM_RACE_THREADS])(struct sm_trial *trial, void *context, unsigned round);
    void (*end)(struct sm_trial *trial, void *context, unsigned round); // alone, after the actors; may be NULL
    void *context;
    unsigned rounds;
};

// sm_race_run runs the rounds, each actor on a thread and a processor of its own, and goes on until one round in
// sixteen had two actors inside their functions at once (measured by the clock). It ends after a second in any case,
// on a busy machine with fewer rounds. Where the actors did not overlap the case is BROKEN, not passed; with one
// processor it is UNSUPPORTED.
void sm_race_run(struct sm_trial *trial, const struct sm_race *race);

// sm_thread_id returns gettid().
int sm_thread_id(void);

#endif // SLOTMARK_CONFORMANCE_HARNESS_THREAD_H_
