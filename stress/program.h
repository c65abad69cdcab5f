// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A program scenario: nobody writes down what the threads do, only what they can do and what an object is. Each stride
// draws a program, a few operations a thread, runs it on many fresh objects, and asks of each whether a single thread
// could have seen what its threads saw. A program that fails is shrunk: operations are left out, singly and in pairs,
// and moved before the race, as long as it still fails when it is run again. (The way of Lincheck.)
#ifndef SLOTMARK_STRESS_PROGRAM_H_
#define SLOTMARK_STRESS_PROGRAM_H_

#include "stress/history/history.h"
#include "stress/stride.h"

// SM_PROGRAM_LENGTH is the most operations of one thread; SM_PROGRAM_ALONE is the most that run alone, before or after.
#define SM_PROGRAM_LENGTH 5
#define SM_PROGRAM_ALONE  6

// sm_program_operation is something that a thread can do.
struct sm_program_operation {
    const char *name;
    unsigned weight; // how often it is drawn, beside the others; 0: only alone
    // call does it and fills in status and result; argument is the identity of a fresh value, 1 to 255, as a word.
    void (*call)(struct sm_trial *trial, void *object, struct sm_operation *operation);
};

// sm_program_model is what is generated from, and judged by. Operations are numbered as in `operations`.
struct sm_program_model {
    const struct sm_model *model;
    const struct sm_program_operation *operations;
    unsigned operation_count;
    unsigned actor_count;
    unsigned length;     // operations of a thread, at most SM_PROGRAM_LENGTH
    unsigned rounds_max; // objects of a stride; 0: SM_STRIDE_MAX
    void *(*create)(struct sm_trial *trial);

    // Run alone at the end, in this order, so that what the object still holds is accounted for; the last destroys it.
    unsigned char last[SM_PROGRAM_ALONE];
    unsigned last_count;

    // split (optional) takes a call apart that is no single step by its specification: into one or two steps in `out`,
    // each of which takes effect by itself between the call and its return. Returns how many.
    unsigned (*split)(const struct sm_operation *operation, struct sm_operation out[2]);

    // value_in and value_out say which values, by identity, a call moved into the object and which it moved out or had
    // dropped: up to eight of them, a byte each; 0: none.
    uint64_t (*value_in)(const struct sm_operation *operation);
    uint64_t (*value_out)(const struct sm_operation *operation);
    unsigned gives; // a bit for each kind of call whose value_out is the caller's; what comes out of others is dropped

    // may has a bit for each operation that a thread may do while others do theirs, and before for each that is done
    // alone, before them; 0: all. A specification does not let every thread do everything.
    unsigned may[SM_ACTORS_MAX], before;
};

// sm_program_run runs programs for the trial's share of the time, and fails with the shortest it found. Where the tier
// is to explore, it goes through all executions of all programs of one operation a thread, of two threads and more,
// after none or one that runs alone, and, of two threads, of those of two operations against one, on either side where
// the two may do different things.
void sm_program_run(struct sm_trial *trial, const struct sm_program_model *model);

// sm_program_values is a type whose values are identities; a clone is the same identity. sm_program_dropped returns
// those that were dropped on this thread since it was asked, a byte each, the last one lowest.
extern const struct sm_value_type sm_program_values;
uint64_t sm_program_dropped(void);

#endif // SLOTMARK_STRESS_PROGRAM_H_
