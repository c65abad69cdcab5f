// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Memory for an explored program: the same addresses in each run, each block used once in it, so that whatever is done
// to a block after its free is seen.
#ifndef SLOTMARK_STRESS_EXPLORE_ARENA_H_
#define SLOTMARK_STRESS_EXPLORE_ARENA_H_

#include <stddef.h>

// sm_arena_begin takes all blocks back: a run begins. Returns whether there was memory.
int sm_arena_begin(void);

// sm_arena_allocate returns a zeroed block of one owner: a thread's number, or SM_ARENA_SETUP for what runs alone. NULL
// where the owner's share is used up.
enum { SM_ARENA_SETUP = 8, SM_ARENA_OWNERS };
void *sm_arena_allocate(unsigned owner, size_t alignment, size_t size);

// SM_ARENA_*: what an address is.
enum sm_arena_state { SM_ARENA_OUTSIDE, SM_ARENA_NEVER, SM_ARENA_LIVE, SM_ARENA_FREED };
enum sm_arena_state sm_arena_state_of(const void *address);

// sm_arena_size returns the size of a block that lives.
size_t sm_arena_size(const void *block);

// sm_arena_free frees a block that lives. Nobody else gets it in this run.
void sm_arena_free(void *block);

// sm_arena_live returns how many blocks live.
size_t sm_arena_live(void);

#endif // SLOTMARK_STRESS_EXPLORE_ARENA_H_
