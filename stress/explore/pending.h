// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The graphs that wait to be continued. The last comes first: so they are few.
#ifndef SLOTMARK_STRESS_EXPLORE_PENDING_H_
#define SLOTMARK_STRESS_EXPLORE_PENDING_H_

#include <stddef.h>
#include <stdint.h>

#include "stress/explore/graph.h"

struct sm_pending {
    unsigned char *memory;
    size_t used, room, used_max;
    int out_of_memory; // a graph was lost
};

void sm_pending_push(struct sm_pending *pending, const struct sm_graph *graph);

// sm_pending_pop restores the graph that was pushed last. Returns whether there was one.
int sm_pending_pop(struct sm_pending *pending, struct sm_graph *out_graph);

void sm_pending_destroy(struct sm_pending *pending);

#endif // SLOTMARK_STRESS_EXPLORE_PENDING_H_
