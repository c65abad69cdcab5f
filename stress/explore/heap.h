// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The memory that a run allocates. Each thread has an arena of its own, so that an address does not depend on the order
// in which threads run, nor on the process. At first nothing is handed out twice within a run, so that every use after
// a free is found. What only the reuse of an address brings about (ABA) is found when blocks are reused.
#ifndef SLOTMARK_STRESS_EXPLORE_HEAP_H_
#define SLOTMARK_STRESS_EXPLORE_HEAP_H_

#include <stddef.h>
#include <stdint.h>

// sm_heap_reset forgets all blocks: a run begins. Where `reuse`, a thread that allocates gets what it has freed last,
// of the same size. Returns whether there was memory.
int sm_heap_reset(int reuse);

// sm_heap_could_reuse tells whether a thread of a run without reuse, since this was asked last, allocated as much as it
// had freed.
int sm_heap_could_reuse(void);

// sm_heap_allocate returns a block, filled with bytes that nobody expects; NULL where the arena is used up. `alignment`
// is a power of two.
void *sm_heap_allocate(size_t size, size_t alignment);

// sm_heap_free frees a block. It stops the exploration where that is not one, or has been freed.
void sm_heap_free(void *block, const void *caller);

// sm_heap_size returns the size of a block that sm_heap_allocate returned.
size_t sm_heap_size(const void *block);

// sm_heap_has tells whether an address is in an arena.
int sm_heap_has(uintptr_t address);

// sm_heap_check stops the exploration where an access of `size` bytes is to an arena, and not to a block in use.
void sm_heap_check(uintptr_t address, size_t size, const void *caller);

// sm_heap_block returns the number of the block that an address is in, from 1 on in the order of arenas, and where it
// begins; 0 where it is in none, freed ones included.
unsigned sm_heap_block(uintptr_t address, uintptr_t *out_begin);

// sm_heap_has_leaks tells whether a block is in use that no variable of the subject leads to: what a library keeps in
// stock has not leaked.
int sm_heap_has_leaks(void);

// sm_heap_check_leaks stops the exploration where there is such a block.
void sm_heap_check_leaks(void);

#endif // SLOTMARK_STRESS_EXPLORE_HEAP_H_
