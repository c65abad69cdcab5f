// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The graphs that are still to be explored, last in first out. Each is kept whole, so that going back is one copy.
#ifndef SLOTMARK_STRESS_EXPLORE_PENDING_H_
#define SLOTMARK_STRESS_EXPLORE_PENDING_H_

#include <stddef.h>

#include "stress/explore/graph.h"

struct sm_pending {
    unsigned char *bytes;
    size_t size, capacity, size_peak;
    double *shares; // of each graph: how much of all there is lies behind it
    size_t count, shares_capacity;
};

// sm_pending_reserve makes room for so many bytes more. Returns 0 where memory is out.
int sm_pending_reserve(struct sm_pending *pending, size_t more);

// sm_pending_push keeps a graph, and with it one event: what has been read anew and written for the first time, so that
// its write is still to revisit reads; of thread SM_EVENT_INITIAL where there is none. Returns 0 where memory is out.
int sm_pending_push(struct sm_pending *pending, const struct sm_graph *graph, struct sm_event_id renewed);

// sm_pending_pop takes the last graph out, whose share is pending->shares[pending->count] then. Returns 0 where there
// is none.
int sm_pending_pop(struct sm_pending *pending, struct sm_graph *graph, struct sm_event_id *out_renewed);

// sm_pending_share gives the graphs from a number on the same share, and returns what is left of `whole` beside them.
double sm_pending_share(struct sm_pending *pending, size_t from, double whole);

void sm_pending_free(struct sm_pending *pending);

#endif // SLOTMARK_STRESS_EXPLORE_PENDING_H_
