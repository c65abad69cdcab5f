// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The runtime stands in for ThreadSanitizer's: code that was compiled with -fsanitize=thread and linked without it, but
// with :hooks, has its accesses explored and checked (hooks.c, memory.h), and its memory, locks and ends modelled
// (runtime.c, locks.c, ends.c). Outside of a run their functions are what they are anywhere.
#ifndef SLOTMARK_STRESS_EXPLORE_RUNTIME_H_
#define SLOTMARK_STRESS_EXPLORE_RUNTIME_H_

#include "stress/explore/explore.h"

// sm_runtime_explore is sm_explore_run for such code. Where a thread allocates as much as it has freed, all is explored
// twice: without reuse of memory, and with it; the result is of both. Where the first execution leaves nothing
// allocated but what the subject's variables lead to, one that does has leaked.
enum sm_explore_verdict sm_runtime_explore(const struct sm_explore_client *client,
                                           struct sm_explore_result *out_result);

// sm_runtime_trace writes the trace of the run under way, or just over; an empty text where it has no room.
void sm_runtime_trace(char *text, size_t size);

#endif // SLOTMARK_STRESS_EXPLORE_RUNTIME_H_
