// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// How the threads of a race wait for each other.
//
// A thread that waits spins for a while, and then sleeps until it is woken. One that gives way by sched_yield instead
// has used its share of the processor up when the last comes, on a machine that has other things to do, and runs when
// the others have gone on: they would never run at once. One that has slept runs as soon as it is woken.
#ifndef SLOTMARK_CONFORMANCE_HARNESS_MEETING_H_
#define SLOTMARK_CONFORMANCE_HARNESS_MEETING_H_

#include <stdatomic.h>
#include <stdint.h>

// sm_meeting is zeroed before its first use, and may be used any number of times by the same threads.
struct sm_meeting {
    atomic_uint arrived;
    atomic_uint generation; // of the meeting; what sleepers wait for
    atomic_uint asleep;
    uint64_t last_ns; // written by the last to come
};

// For how many spins a thread that has come stays awake: SM_SPINS_FEW, some ten microseconds, in which whoever runs at
// all comes; SM_SPINS_MANY, longer than it takes to be woken, where each thread has a processor of its own and what
// follows must begin at once for all.
enum { SM_SPINS_FEW = 4096, SM_SPINS_MANY = 200000 };

// sm_meet waits until `count` threads have come, and returns when the last of them did, in ns of CLOCK_MONOTONIC: to
// all of them the same. What any of them did before is visible to all after. May block.
uint64_t sm_meet(struct sm_meeting *meeting, unsigned count, unsigned spins);

// sm_tell gives a word a value, and wakes whoever awaits it. Handlers of signals may call it; it may change errno.
void sm_tell(atomic_uint *word, unsigned value);

// sm_await waits until the word has the value. What was done before that was told is visible after. May block. Handlers
// of signals may call it; it may change errno.
void sm_await(atomic_uint *word, unsigned value);

#endif // SLOTMARK_CONFORMANCE_HARNESS_MEETING_H_
