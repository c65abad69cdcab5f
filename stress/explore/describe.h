// SPDX-License-Identifier: Apache-2.0 OR MIT
#ifndef SLOTMARK_STRESS_EXPLORE_DESCRIBE_H_
#define SLOTMARK_STRESS_EXPLORE_DESCRIBE_H_

#include <stddef.h>

#include "stress/explore/graph.h"

// sm_graph_describe writes the events, a line each, in an order in which they may have happened.
void sm_graph_describe(const struct sm_graph *graph, char *text, size_t size);

#endif // SLOTMARK_STRESS_EXPLORE_DESCRIBE_H_
