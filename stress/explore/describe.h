// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A graph as people and programs read it. Its events are numbered in an order in which they may have happened.
#ifndef SLOTMARK_STRESS_EXPLORE_DESCRIBE_H_
#define SLOTMARK_STRESS_EXPLORE_DESCRIBE_H_

#include <stddef.h>

#include "stress/explore/graph.h"

// sm_graph_describe writes a line for each event, with a column for each thread. <-N is the write that a read reads.
void sm_graph_describe(const struct sm_graph *graph, char *text, size_t size);

// sm_graph_describe_json writes the same as a JSON array; an empty text where there is no room.
void sm_graph_describe_json(const struct sm_graph *graph, char *text, size_t size);

// sm_graph_describe_event writes what one event does.
void sm_graph_describe_event(const struct sm_graph *graph, struct sm_event_id id, char *text, size_t size);

#endif // SLOTMARK_STRESS_EXPLORE_DESCRIBE_H_
