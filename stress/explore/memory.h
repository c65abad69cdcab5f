// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The memory of a run as the subject's code sees it: each access is checked, and an atomic one of a thread is the
// explorer's. Memory itself holds the last values of atomic objects among those written so far.
#ifndef SLOTMARK_STRESS_EXPLORE_MEMORY_H_
#define SLOTMARK_STRESS_EXPLORE_MEMORY_H_

#include <stddef.h>
#include <stdint.h>

#include "stress/explore/access.h"

// sm_memory_plain checks a plain access that is about to be made. `kind` is SM_SHADOW_READ or SM_SHADOW_WRITE.
void sm_memory_plain(uintptr_t address, size_t size, unsigned kind, const void *caller);

// sm_memory_access does an atomic access in a run. Returns: the value that was read; *out_wrote is whether one was
// written, NULL where the caller does not care.
uint64_t sm_memory_access(const struct sm_access *access, const void *caller, int *out_wrote);

#endif // SLOTMARK_STRESS_EXPLORE_MEMORY_H_
