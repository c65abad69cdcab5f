// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Which plain accesses race: two to one byte, one of them a write and one of them plain, that happens-before does not
// order. Accesses are recorded byte by byte in the order of a run, which happens-before agrees with.
#ifndef SLOTMARK_STRESS_EXPLORE_RACE_H_
#define SLOTMARK_STRESS_EXPLORE_RACE_H_

#include <stddef.h>

#include "stress/explore/graph.h"

enum sm_access { SM_ACCESS_PLAIN_READ, SM_ACCESS_PLAIN_WRITE, SM_ACCESS_ATOMIC_READ, SM_ACCESS_ATOMIC_WRITE };

// sm_race_forget forgets all accesses: a run begins.
void sm_race_forget(void);

// sm_race_check records an access of a thread that has gone through `at` events and is preceded by `before`, both of
// which are at most 254. Returns the other thread where it races with one of its accesses, else -1; -2 where there is
// no room to record it.
int sm_race_check(const void *object, size_t bytes, enum sm_access access, unsigned thread, unsigned at,
                  const struct sm_clock *before);

#endif // SLOTMARK_STRESS_EXPLORE_RACE_H_
