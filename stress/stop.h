// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A thread that is stopped in the midst of its part of a stride, by a signal that finds it anywhere, until the others
// have done all of theirs: what tells a lock-free implementation from one that says so. Of the allocator nothing is
// asked: a thread that is inside it is let go on.
//
// A program scenario looks, while one stands still, at what the others have seen of the object that it is using: that
// must have an order, whether or not the call which has not returned has taken effect.
#ifndef SLOTMARK_STRESS_STOP_H_
#define SLOTMARK_STRESS_STOP_H_

#include <stdatomic.h>

#include "conformance/harness/trial.h"

// SM_STOP_ACTORS_MAX is the most threads that can be told apart.
#define SM_STOP_ACTORS_MAX 4

// SM_STOP_AWAY is the position of a thread that nobody waits for: it is done, or stopped.
#define SM_STOP_AWAY UINT32_MAX

// SM_STOP_ACTOR is the bit of an actor, SM_STOP_ANY_ACTOR those of all.
#define SM_STOP_ACTOR(index) (1u << (index))
#define SM_STOP_ANY_ACTOR    (SM_STOP_ACTOR(SM_STOP_ACTORS_MAX) - 1)

// sm_stop_actors has each stride of the trial stop one of `actors`. `progress` is what the subject declares, enum
// sm_progress. For scenarios of SM_STOP_SCENARIO.
void sm_stop_actors(struct sm_trial *trial, unsigned actors, uint32_t progress);

// sm_stop_wanted returns them; 0: nobody is to be stopped.
unsigned sm_stop_wanted(void);

// ------------------------------------------------------------------------------------------------------------------
// What a run of strides does

// sm_stop_begin makes ready for `actor_count` threads.
void sm_stop_begin(struct sm_trial *trial, unsigned actor_count);

// sm_stop_enter makes the calling thread actor `index`. *position is what it says of itself: SM_STOP_AWAY, released,
// where nobody is to wait for it, else anything that changes as it gets on.
void sm_stop_enter(unsigned index, atomic_uint *position);

// sm_stop_is_in_call says whether the calling thread is in the midst of its part: elsewhere it is not stopped.
void sm_stop_is_in_call(int is_in_call);

// sm_stop_send has the actor stopped, if it is in the midst of its part. Called by another one, after all have entered.
// Where the subject declares that it blocks and has been seen to, nobody is stopped any more: each such stop costs its
// patience.
//
// While it stands still, its position is SM_STOP_AWAY. Where another actor does not get on meanwhile, that fails the
// case, with the stacks of all threads, unless progress is declared as BLOCKING: then it is counted.
void sm_stop_send(unsigned index);

// sm_stop_stands tells whether an actor stands still while all others but the calling one have done their parts, and
// which. What they all have done is visible then, and that of the one remains as it is until the caller does not get
// on.
int sm_stop_stands(unsigned caller, unsigned *out_index);

// sm_stop_count returns how many stops have found a thread in the midst of its part.
uint64_t sm_stop_count(void);

// sm_stop_held_up returns how many of them held another thread up.
uint64_t sm_stop_held_up(void);

// SM_STOP_COUNT_MIN is how many stops a run needs to say anything.
#define SM_STOP_COUNT_MIN 8

// sm_stop_has_seen tells whether there were so many, or nobody is stopped any more.
int sm_stop_has_seen(void);

// sm_stop_note notes how often one held another up, in so many rounds. BROKEN where there were too few.
void sm_stop_note(struct sm_trial *trial, uint64_t rounds);

#endif // SLOTMARK_STRESS_STOP_H_
