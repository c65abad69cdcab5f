// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The model of a set with two members, which programs of sets are judged by.
#ifndef SLOTMARK_STRESS_ONESHOT_SET_MODEL_H_
#define SLOTMARK_STRESS_ONESHOT_SET_MODEL_H_

#include "stress/history/history.h"

// A poll that delivers a word is two steps: it begins, and may register its waker in the place of the one before; and
// it finds the word. So is a call by which a member's word comes: it is there; and the waker of the set is woken. So is
// one that has a member wait: it waits; and where its word has come meanwhile, the waker is woken.
enum sm_set_kind {
    SM_SET_POLL,
    SM_SET_LOOK,
    SM_SET_READ,
    SM_SET_JOIN,
    SM_SET_PART,
    SM_SET_POLL_READER,
    SM_SET_END_SET,
    SM_SET_WRITE,
    SM_SET_READ_OTHER,
    SM_SET_DROP_OTHER,
    SM_SET_LEAVE,
    SM_SET_BEGIN_POLL,
    SM_SET_BEGIN_POLL_READER,
    SM_SET_TELL,
    SM_SET_TELL_OTHER,
    SM_SET_WAIT
};

// Which pair is meant: that whose reader is in the set, or that whose writer is.
enum { SM_SET_FIRST, SM_SET_OTHER, SM_SET_PAIRS };

enum {
    SM_SET_UNCALLED = 0xff,    // a status: there was nothing to do it to
    SM_SET_PARKED_ELEMENT = 63 // that the writer in the set has written
};

// A result is a word, above it the element that was read, then whether it is of the other member, and whom the call
// woke.
enum { SM_SET_ELEMENT_SHIFT = 8, SM_SET_OF_SHIFT = 16, SM_SET_WOKEN_SHIFT = 32, SM_SET_BLOCKED = 3 };

// sm_set_model is the model; sm_set_split takes its calls apart, as sm_program_model says.
extern const struct sm_model sm_set_model;
unsigned sm_set_split(const struct sm_operation *operation, struct sm_operation out[2]);

#endif // SLOTMARK_STRESS_ONESHOT_SET_MODEL_H_
