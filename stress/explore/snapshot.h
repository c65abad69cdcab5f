// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The variables of a shared object that outlive a call: the static ones are put back before each run, and each fiber
// has thread-local ones of its own. Those of the program itself, whose code the fibers run too, are given to each as
// well.
#ifndef SLOTMARK_STRESS_EXPLORE_SNAPSHOT_H_
#define SLOTMARK_STRESS_EXPLORE_SNAPSHOT_H_

#include <stddef.h>

// sm_snapshot_take remembers the writable segments of the shared object that `address` lies in, but for what the linker
// makes read-only. Returns whether there was room.
int sm_snapshot_take(const void *address);

// sm_snapshot_restore puts the static variables back, and begins the thread-local ones of all fibers anew.
void sm_snapshot_restore(void);

// sm_snapshot_enter makes the thread-local variables those of a fiber, by its number below SM_SNAPSHOT_FIBERS, until
// sm_snapshot_leave.
enum { SM_SNAPSHOT_FIBERS = 9 };
void sm_snapshot_enter(unsigned fiber);
void sm_snapshot_leave(unsigned fiber);

// sm_snapshot_variables shows the shared object's variables as they are, with the thread-local ones of all fibers.
void sm_snapshot_variables(void (*look)(const void *begin, size_t bytes));

// sm_snapshot_is_local tells whether an address lies in thread-local variables.
int sm_snapshot_is_local(const void *address);

#endif // SLOTMARK_STRESS_EXPLORE_SNAPSHOT_H_
