// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Litmus programs: up to four threads of a few steps on places that begin with 0. What the explorer is tested and timed
// with.
#ifndef SLOTMARK_STRESS_EXPLORE_PROGRAM_H_
#define SLOTMARK_STRESS_EXPLORE_PROGRAM_H_

#include "stress/explore/explore.h"

enum { SM_PROGRAM_THREADS = 4, SM_PROGRAM_STEPS = 12, SM_PROGRAM_PLACES = 4 };

enum sm_step_kind {
    SM_STEP_NONE, // the end of a thread
    SM_STEP_LOAD,
    SM_STEP_STORE,
    SM_STEP_FETCH_ADD,
    SM_STEP_EXCHANGE,
    SM_STEP_CAS,
    SM_STEP_FENCE,
    SM_STEP_STORE_IF_NONZERO // stores the thread's last read value where it is not 0
};

struct sm_step {
    enum sm_step_kind kind;
    unsigned place;
    int value, expected;
    enum sm_order order, failure;
};

struct sm_program {
    unsigned threads;
    struct sm_step steps[SM_PROGRAM_THREADS][SM_PROGRAM_STEPS];
};

// sm_program_run is a program in its runs, the context of its client.
struct sm_program_run {
    const struct sm_program *program;
    int places[SM_PROGRAM_PLACES];
    int reads[SM_PROGRAM_THREADS][SM_PROGRAM_STEPS]; // what each step read
    void (*end)(const struct sm_program_run *run);   // after each complete execution; may be NULL
    void *context;                                   // for `end`
    int strong_seq_cst;                              // as in sm_explore_client
};

// sm_program_explore explores the program of a run whose `program`, `end` and `context` are set. Returns whether there
// was memory.
int sm_program_explore(struct sm_program_run *run, struct sm_explore_result *out_result);

#endif // SLOTMARK_STRESS_EXPLORE_PROGRAM_H_
