// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The graphs that are still to be explored, last in first out. Each is kept whole, so that going back is one copy.
#ifndef SLOTMARK_STRESS_EXPLORE_PENDING_H_
#define SLOTMARK_STRESS_EXPLORE_PENDING_H_

#include <stddef.h>

#include "stress/explore/graph.h"

// sm_pending_mark is what is known of a graph that is kept.
struct sm_pending_mark {
    double share; // of all there is, how much lies behind it
    size_t size;  // in bytes
};

struct sm_pending {
    unsigned char *bytes;
    size_t size, capacity, size_peak;
    struct sm_pending_mark *marks; // of each graph
    size_t count, marks_capacity;
};

// sm_pending_reserve makes room for so many bytes more. Returns 0 where memory is out.
int sm_pending_reserve(struct sm_pending *pending, size_t more);

// sm_pending_push keeps a graph, and with it one event: what has been read anew and written for the first time, so that
// its write is still to revisit reads; of thread SM_EVENT_INITIAL where there is none. Returns 0 where memory is out.
int sm_pending_push(struct sm_pending *pending, const struct sm_graph *graph, struct sm_event_id renewed);

// sm_pending_pop takes the last graph out, whose mark is pending->marks[pending->count] then. Returns 0 where there
// is none.
int sm_pending_pop(struct sm_pending *pending, struct sm_graph *graph, struct sm_event_id *out_renewed);

// sm_pending_share gives the graphs from a number on the same share, and returns what is left of `whole` beside them.
double sm_pending_share(struct sm_pending *pending, size_t from, double whole);

// sm_pending_give takes the oldest graph out, of which there is one, into bytes that another process can accept.
// SM_PENDING_GRAPH_BYTES are room enough. sm_pending_accept keeps it, last; it returns 0 where memory is out.
enum { SM_PENDING_GRAPH_BYTES = sizeof(struct sm_graph) + 1024 };
struct sm_pending_mark sm_pending_give(struct sm_pending *pending, unsigned char *bytes);
int sm_pending_accept(struct sm_pending *pending, struct sm_pending_mark mark, const unsigned char *bytes);

void sm_pending_free(struct sm_pending *pending);

#endif // SLOTMARK_STRESS_EXPLORE_PENDING_H_
