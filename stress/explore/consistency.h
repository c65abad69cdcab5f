// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What RC11 (Lahav et al., PLDI 2017) allows. Of its four axioms
//
//   coherence     is kept by construction: nothing is read or placed below sm_consistency_floor;
//   atomicity     by construction: no write comes between a read-modify-write and its source;
//   no thin air   by construction: a read's source is in the graph before it, so that po and rf have no cycle, and load
//                 buffering is excluded although C11 allows it;
//   SC            is looked at by sm_consistency_sc.
#ifndef SLOTMARK_STRESS_EXPLORE_CONSISTENCY_H_
#define SLOTMARK_STRESS_EXPLORE_CONSISTENCY_H_

#include "stress/explore/graph.h"
#include "stress/explore/strictness.h"

// sm_consistency_floor returns the position in a location's order of the last write that the events of a view have
// written or read: who has seen them may read that write or a later one, and may write after it only.
unsigned sm_consistency_floor(const struct sm_graph *graph, unsigned location, sm_view view);

// sm_consistency_sc tells whether the relation psc between the seq_cst events has no cycle. An event that reads the
// last write, or becomes it, never closes one.
int sm_consistency_sc(const struct sm_graph *graph, enum sm_sc sc);

#endif // SLOTMARK_STRESS_EXPLORE_CONSISTENCY_H_
