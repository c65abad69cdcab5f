// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Who accessed which byte of memory in this run, to find races: two accesses to a byte, at least one of which writes
// and one of which is not atomic, and neither happens before the other. What ran alone before happens before
// everything.
#ifndef SLOTMARK_STRESS_EXPLORE_SHADOW_H_
#define SLOTMARK_STRESS_EXPLORE_SHADOW_H_

#include <stddef.h>
#include <stdint.h>

enum sm_shadow_access {
    SM_SHADOW_READ = 0,
    SM_SHADOW_WRITE = 1,
    SM_SHADOW_ATOMIC = 2,
    SM_SHADOW_FREE = SM_SHADOW_WRITE | 4 // counts as a plain write
};

// sm_shadow_reset forgets all accesses: a run begins.
void sm_shadow_reset(void);

// sm_shadow_access notes an access of the calling thread, and stops the exploration where it races with an earlier one.
// `kind` is made of sm_shadow_access. An atomic access has been executed by the explorer already. `caller` is where in
// the code it is.
void sm_shadow_access(uintptr_t address, size_t size, unsigned kind, const void *caller);

// sm_shadow_object returns how many atomic objects there were before at an address: a plain write ends what an object
// was, as where memory is used again. It is ordered with all atomic accesses, or races: the number does not depend on
// the order of the run. The exploration is stopped where the object is not aligned, or overlaps one of another size.
unsigned sm_shadow_object(uintptr_t address, size_t size);

#endif // SLOTMARK_STRESS_EXPLORE_SHADOW_H_
