// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Threads that run epochs of a bench together.
#ifndef SLOTMARK_BENCH_CREW_H_
#define SLOTMARK_BENCH_CREW_H_

#include "bench/bench.h"
#include "conformance/harness/clock.h"

// SM_EPOCH_NS is how long an epoch is: long enough that reading the clock is nothing, short enough to share what
// disturbs.
#define SM_EPOCH_NS 100000

// SM_CREW_MAX is the most threads of a crew.
#define SM_CREW_MAX 64

// sm_pin gives the calling thread one of the processors that the process was started with: the one that the first
// caller was on, or the one `step` after it.
void sm_pin(unsigned step);

// sm_crew_begin starts all threads but the calling one, which is to be pinned. They wait between epochs. There is one
// crew at a time. Returns 1, or 0 where a thread could not be started.
int sm_crew_begin(const struct sm_bench *bench, unsigned threads);

// sm_crew_epoch_ns runs an epoch: `rounds` rounds by each of two threads that run beside each other; else so many again
// and again, until every thread has had its time, so that none is ever alone. Returns what a round took, as one of the
// threads saw it; *out_late says whether one was held up.
double sm_crew_epoch_ns(void *context, uint64_t rounds, int *out_late);

// sm_crew_end ends the threads, and waits for them.
void sm_crew_end(void);

#endif // SLOTMARK_BENCH_CREW_H_
