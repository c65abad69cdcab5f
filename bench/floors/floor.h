// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The floor: the locked instructions and allocations that a profile's semantics force, behind the same table as
// everybody's, and nothing else. No argument is looked at, what no bench does is left out, a value NULL is taken for
// none. It does not conform, and is not judged. A file a profile says what is forced.
#ifndef SLOTMARK_BENCH_FLOORS_FLOOR_H_
#define SLOTMARK_BENCH_FLOORS_FLOOR_H_

#include "conformance/slotmark_define.h"

extern const struct sm_slot_ops floor_slot;
extern const struct sm_effect_ops floor_effect;
extern const struct sm_future_ops floor_future;
extern const struct sm_waker_ops floor_waker;
extern const struct sm_oneshot_ops floor_oneshot;
extern const struct sm_promise_ops floor_promise;
extern const struct sm_call_ops floor_call;
extern const struct sm_handle_ops floor_handle;

// floor_settle passes the time in which the call's return address reaches the cache, where a locked instruction comes
// first in a function. Right behind the call it would be held up by that for a fifth of its time, and code that has
// something to do in between, as every implementation has, would be quicker than the floor.
static inline void floor_settle(void) {
#if defined(__x86_64__)
    __asm__ volatile(".rept 20\n\tnop\n\t.endr");
#endif
}

#endif // SLOTMARK_BENCH_FLOORS_FLOOR_H_
