// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Is there an order of a history's calls, each at one instant between its call and its return, in which a single thread
// could have seen the same? Then the history is linearizable (Herlihy and Wing, 1990).
//
// The search is that of Wing and Gong with Lowe's memory of dead ends ("Testing for linearizability", 2017): from each
// configuration it tries, in turn, every call that no other must precede. A thread's calls follow each other, so what
// has taken effect is a prefix of each lane, and a configuration is one counter a lane and the model's state: its size
// does not grow with the history. Configurations from which no way led on are remembered, and only those, so that a
// history which is linearizable at the first attempt touches no table.
#ifndef SLOTMARK_STRESS_HISTORY_LINEARIZE_H_
#define SLOTMARK_STRESS_HISTORY_LINEARIZE_H_

#include "stress/history/history.h"

enum sm_linearizable {
    SM_LINEARIZABLE_YES,
    SM_LINEARIZABLE_NO,
    SM_LINEARIZABLE_UNKNOWN // the memory that was allowed is used up
};

// sm_explanation is how far a search came.
struct sm_explanation {
    enum sm_linearizable verdict;
    uint64_t steps;                          // of the model
    size_t longest;                          // calls in the longest order that was found
    uint32_t prefixes[SM_LANES_MAX];         // how many of each lane those are
    unsigned char state[SM_MODEL_STATE_MAX]; // that they lead to
};

// sm_linearizer is the memory of a search, kept from one to the next.
struct sm_linearizer;

// sm_linearizer_create makes a linearizer that uses at most about `bytes_max` of memory.
// Returns: it, or NULL where memory could not be had.
struct sm_linearizer *sm_linearizer_create(size_t bytes_max);
void sm_linearizer_destroy(struct sm_linearizer *linearizer);

// sm_linearize searches an order for a history of one object. `start` is the model's state at its beginning; NULL for
// that of a new object.
enum sm_linearizable sm_linearize(struct sm_linearizer *linearizer, const struct sm_model *model, const void *start,
                                  const struct sm_history *history, struct sm_explanation *out);

// sm_linearize_each does so for each object of a history by itself, which is enough: a history is linearizable where
// each of its objects is. It stops at the first that is not YES and tells its number in *out_object.
enum sm_linearizable sm_linearize_each(struct sm_linearizer *linearizer, const struct sm_model *model,
                                       const struct sm_history *history, struct sm_explanation *out,
                                       uint32_t *out_object);

#endif // SLOTMARK_STRESS_HISTORY_LINEARIZE_H_
