// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// An execution graph: the events of each thread in program order (po), the write that each read takes its value from
// (rf), and the order of the writes to each location (co). Everything else of the memory model follows from these; what
// is asked often is kept with the event as a view.
//
// A read-modify-write that succeeded is one event, which reads and writes. Its two halves have stamps of their own,
// because a revisit keeps the reading half and renews the other.
#ifndef SLOTMARK_STRESS_EXPLORE_GRAPH_H_
#define SLOTMARK_STRESS_EXPLORE_GRAPH_H_

#include <stdint.h>

#include "stress/explore/access.h"
#include "stress/explore/view.h"

#define SM_EXPLORE_EVENTS_MAX    128 // of one thread
#define SM_EXPLORE_LOCATIONS_MAX 64
#define SM_EXPLORE_WRITES_MAX    256 // to one location, with its initial value

// sm_event_id names an event; one of thread SM_EVENT_INITIAL is the initial value of a location.
struct sm_event_id {
    uint16_t thread, index;
};

#define SM_EVENT_INITIAL UINT16_MAX

struct sm_graph_event {
    sm_view hb;       // what happens before it, with itself
    sm_view porf;     // what it depends on by program order and reads-from, with itself
    sm_view acquired; // what an acquire fence after it makes happen before that fence
    sm_view message;  // of a write: what happens before whoever acquires it
    struct sm_access access;
    uint64_t read, written;
    uint32_t read_stamp, write_stamp; // when each half was added
    struct sm_event_id source;        // of a read: where its value is from
    uint16_t location;
    uint16_t position;      // of a write: its place in the order of its location
    uint16_t release_fence; // how many events there were with the thread's last release fence; 0 for none
    uint8_t order;          // sm_order that has come into effect
    int reads, writes;      // neither: a fence
    int spurious;           // a weak compare-exchange that failed though it read what it expected
};

// sm_location is an atomic object. `order` is co; order[0] is the initial value.
struct sm_graph_location {
    uintptr_t address;
    uint64_t initial;
    uint16_t count;
    struct sm_event_id order[SM_EXPLORE_WRITES_MAX];
};

struct sm_graph {
    unsigned thread_count;
    unsigned location_count;
    uint32_t stamp; // the last that was given
    sm_view lengths;
    struct sm_graph_event events[SM_EXPLORE_THREADS_MAX][SM_EXPLORE_EVENTS_MAX];
    struct sm_graph_location locations[SM_EXPLORE_LOCATIONS_MAX];
};

static inline struct sm_graph_event *sm_graph_at(struct sm_graph *graph, struct sm_event_id id) {
    return &graph->events[id.thread][id.index];
}

static inline const struct sm_graph_event *sm_graph_look(const struct sm_graph *graph, struct sm_event_id id) {
    return &graph->events[id.thread][id.index];
}

static inline int sm_view_has(sm_view view, struct sm_event_id id) {
    return id.thread == SM_EVENT_INITIAL || id.index < view[id.thread];
}

static inline int sm_event_id_equal(struct sm_event_id left, struct sm_event_id right) {
    return left.thread == right.thread && left.index == right.index;
}

// sm_graph_updates tells whether the write at a position is a read-modify-write, whose source is the write before it.
static inline int sm_graph_updates(const struct sm_graph *graph, const struct sm_graph_location *location,
                                   unsigned position) {
    return position > 0 && position < location->count && sm_graph_look(graph, location->order[position])->reads;
}

// sm_graph_position returns the place in co of a write or an initial value.
static inline unsigned sm_graph_position(const struct sm_graph *graph, struct sm_event_id write) {
    return write.thread == SM_EVENT_INITIAL ? 0 : sm_graph_look(graph, write)->position;
}

// sm_graph_clear makes a graph without events.
void sm_graph_clear(struct sm_graph *graph, unsigned thread_count);

// sm_graph_append adds the next event of a thread, whose source and place in co are for the caller to set, and which is
// to be settled then. Where the graph has no event at the access's address, `initial` becomes the initial value there.
// Returns 0 where the graph has no room for it.
int sm_graph_append(struct sm_graph *graph, unsigned thread, const struct sm_access *access, uint64_t initial,
                    struct sm_event_id *out_id);

// sm_graph_settle derives from an event's access, its source and `spurious` what it reads and writes, and its views.
void sm_graph_settle(struct sm_graph *graph, struct sm_event_id id);

// sm_graph_place puts a write at a position of its location's order; sm_graph_displace takes it out.
void sm_graph_place(struct sm_graph *graph, struct sm_event_id write, unsigned position);
void sm_graph_displace(struct sm_graph *graph, struct sm_event_id write);

// sm_graph_cut copies the part of a graph that a view keeps. The view has the source of each read that it has.
void sm_graph_cut(const struct sm_graph *graph, sm_view keep, struct sm_graph *out);

#endif // SLOTMARK_STRESS_EXPLORE_GRAPH_H_
