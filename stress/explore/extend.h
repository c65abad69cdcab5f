// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// TruSt: how a graph grows. An event is added in each way that RC11 allows; one is taken at once, the others wait. A
// write is offered to the reads that were there before it, too: such a revisit removes what was added since the read,
// unless another order of additions comes to the same graph.
#ifndef SLOTMARK_STRESS_EXPLORE_EXTEND_H_
#define SLOTMARK_STRESS_EXPLORE_EXTEND_H_

#include "stress/explore/graph.h"
#include "stress/explore/pending.h"

// sm_extend_* adds the next event of a thread, or both halves of a read-modify-write, to `graph`, and pushes the graphs
// in which it went otherwise. `like` says what the thread does.
void sm_extend_read(struct sm_graph *graph, unsigned thread, const struct sm_graph_event *like,
                    struct sm_pending *pending);
void sm_extend_write(struct sm_graph *graph, unsigned thread, const struct sm_graph_event *like,
                     struct sm_pending *pending);

// sm_extend_halves adds the second halves of read-modify-writes that a revisit has left without. Returns whether RC11
// allows the graph then.
int sm_extend_halves(struct sm_graph *graph, struct sm_pending *pending);

#endif // SLOTMARK_STRESS_EXPLORE_EXTEND_H_
