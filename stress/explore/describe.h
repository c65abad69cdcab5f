// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A graph as people and programs read it. Its events are numbered in an order in which they may have happened.
#ifndef SLOTMARK_STRESS_EXPLORE_DESCRIBE_H_
#define SLOTMARK_STRESS_EXPLORE_DESCRIBE_H_

#include <stddef.h>

#include "stress/explore/graph.h"
#include "stress/explore/remark.h"

// sm_place is where in the code something is done; what is not known is empty.
struct sm_place {
    char line[80];        // "slot.c:41"
    char inlined_at[128]; // "slot.c:99, slot.c:131"
    char function[64];    // "slot_put"
    char code[288];       // "libmine.so+0xae2"
};

// sm_describer knows names for what is but a number in a graph.
struct sm_describer {
    // name_memory writes what lies at an address: "block 2 + 8"; an empty text where it does not know.
    void (*name_memory)(uintptr_t address, char *text, size_t size);
    // name_site says where in the code a site is.
    void (*name_site)(uint32_t site, struct sm_place *out);
    const struct sm_remark *remarks;
    unsigned remark_count;
};

// sm_describe_by has graphs described with these names and remarks from here on; NULL: without any.
void sm_describe_by(const struct sm_describer *describer);

// sm_graph_describe writes a line for each event, with a column for each thread. <-N is the write that a read reads;
// a line that begins with ! is a remark.
void sm_graph_describe(const struct sm_graph *graph, char *text, size_t size);

// sm_graph_describe_json writes the same as a JSON object with the members `execution` and `fault` of
// tools/slotmark/report.schema.json; an empty text where there is no room.
void sm_graph_describe_json(const struct sm_graph *graph, char *text, size_t size);

// sm_graph_describe_event writes what one event does.
void sm_graph_describe_event(const struct sm_graph *graph, struct sm_event_id id, char *text, size_t size);

#endif // SLOTMARK_STRESS_EXPLORE_DESCRIBE_H_
