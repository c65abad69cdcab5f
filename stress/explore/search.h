// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The search visits each consistent execution graph of a program exactly once (TruSt: Kokologiannakis et al., POPL
// 2022). It grows one graph event by event; what an event could do instead is kept as a graph to return to:
//
//   forward    a read may take another write that is in the graph, and a write another place in co;
//   backward   a read that is in the graph may take the write that is added (revisit.c).
//
// Every graph that is kept is consistent and every consistent graph can be grown, so that no run is in vain.
#ifndef SLOTMARK_STRESS_EXPLORE_SEARCH_H_
#define SLOTMARK_STRESS_EXPLORE_SEARCH_H_

#include "stress/explore/consistency.h"
#include "stress/explore/pending.h"

struct sm_search {
    struct sm_graph graph;   // that is grown
    struct sm_graph revised; // by a revisit, to be kept
    struct sm_pending pending;
    enum sm_sc sc;
    unsigned spurious_max; // weak compare-exchanges of a graph that fail spuriously
    int assumes_weak;      // those of which it is not known are weak
    double share;          // of all there is: what lies behind the graph
    double done;           // what lies behind it no more
    int out_of_memory;     // a graph was lost: what the search found is not all
};

// sm_search_begin starts with the empty graph. The search is zeroed or has been ended. Returns 0 where memory is out.
int sm_search_begin(struct sm_search *search, unsigned thread_count, enum sm_sc sc, unsigned spurious_max,
                    int assumes_weak);

// sm_search_may_fail tells whether a weak compare-exchange of the graph may fail spuriously.
int sm_search_may_fail(const struct sm_search *search, const struct sm_graph *graph,
                       const struct sm_graph_event *event);

// sm_search_extend adds the next event of a thread: it reads the last write, or becomes it. `initial` is the value of
// the location where no event has written it. Returns 0 where the graph has no room for it.
int sm_search_extend(struct sm_search *search, unsigned thread, const struct sm_access *access, uint64_t initial);

// sm_search_follow adds the next event of a thread as it is said that it went: from which source it reads, whether it
// fails spuriously, and by `is_before` where it stands among the writes to its location. Returns 0 where there is no
// room.
int sm_search_follow(struct sm_graph *graph, unsigned thread, const struct sm_access *access, uint64_t initial,
                     struct sm_event_id source, int spurious,
                     int (*is_before)(struct sm_event_id one, struct sm_event_id other));

// sm_search_next returns to the last graph that was kept. Returns 0 where there is none: all have been visited.
int sm_search_next(struct sm_search *search);

void sm_search_end(struct sm_search *search);

#endif // SLOTMARK_STRESS_EXPLORE_SEARCH_H_
