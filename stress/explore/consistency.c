// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/consistency.h"

// place_of returns where an access stands in its location's order: a write at its own position, a read at its source's.
// A read-modify-write is ordered against other accesses as its write is.
static unsigned place_of(const struct sm_graph *graph, const struct sm_graph_event *event) {
    return event->writes ? event->position : sm_graph_position(graph, event->source);
}

static int is_fence(const struct sm_graph_event *event) {
    return !event->reads && !event->writes;
}

unsigned sm_consistency_floor(const struct sm_graph *graph, unsigned location, sm_view view) {
    unsigned floor = 0;
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        for (unsigned i = view[thread]; i-- > 0;) {
            const struct sm_graph_event *event = &graph->events[thread][i];
            if (event->location == location && !is_fence(event)) { // what the thread did before is not above it
                unsigned place = place_of(graph, event);
                floor = place > floor ? place : floor;
                break;
            }
        }
    }
    return floor;
}

// ------------------------------------------------------------------------------------------------------------------
// The seq_cst axiom
//
//   scb = po | po_away;hb;po_away | hb_loc | mo | fr        _away: to another location; _loc: to the same
//   psc = ([SC] | [F];hb?) ; scb ; ([SC] | hb?;[F])         F: the seq_cst fences
//       | [F] ; (hb | hb;eco;hb) ; [F]
//
// SM_SC_STRONG has po;hb;po in the place of po_away;hb;po_away, and rf as well.

#define NODES_MAX (SM_EXPLORE_THREADS_MAX * SM_EXPLORE_EVENTS_MAX)

static int happens_before(struct sm_event_id left, struct sm_event_id right, const struct sm_graph_event *right_event) {
    return sm_view_has(right_event->hb, left) && !sm_event_id_equal(left, right);
}

static int meet(const struct sm_graph_event *left, const struct sm_graph_event *right) {
    return !is_fence(left) && !is_fence(right) && left->location == right->location;
}

static int is_eco(const struct sm_graph *graph, const struct sm_graph_event *left, const struct sm_graph_event *right) {
    unsigned left_place = place_of(graph, left), right_place = place_of(graph, right);
    return left_place < right_place || (left_place == right_place && left->writes && !right->writes);
}

static int is_update(const struct sm_graph_event *event) {
    return event->reads && event->writes;
}

// is_enclosed tells whether left is before right by po;hb;po, as the strictness wants it. Of what is after left, the
// first event has the most after it, and of what is before right the last one has the most before it.
static int is_enclosed(const struct sm_graph *graph, struct sm_event_id left, struct sm_event_id right, enum sm_sc sc) {
    const struct sm_graph_event *left_event = sm_graph_look(graph, left), *right_event = sm_graph_look(graph, right);
    int strong = sc == SM_SC_STRONG;
    struct sm_event_id first = left, last = right;
    if (!strong || !is_update(left_event)) {
        do {
            first.index++;
        } while (!strong && first.index < graph->lengths[first.thread] &&
                 meet(left_event, sm_graph_look(graph, first)));
    }
    if (!strong || !is_update(right_event)) {
        do {
            if (last.index-- == 0) {
                return 0;
            }
        } while (!strong && meet(sm_graph_look(graph, last), right_event));
    }
    return sm_view_has(sm_graph_look(graph, last)->hb, first);
}

static int is_scb(const struct sm_graph *graph, struct sm_event_id left, struct sm_event_id right, enum sm_sc sc) {
    const struct sm_graph_event *left_event = sm_graph_look(graph, left), *right_event = sm_graph_look(graph, right);
    if (left.thread == right.thread) {
        return left.index < right.index;
    }
    if (is_enclosed(graph, left, right, sc)) {
        return 1;
    }
    return meet(left_event, right_event) && (happens_before(left, right, right_event) ||
                                             (sc == SM_SC_STRONG && sm_event_id_equal(right_event->source, left)) ||
                                             (right_event->writes && is_eco(graph, left_event, right_event)));
}

// span is where one event begins or ends a step of psc: itself, and with a fence what happens after or before it.
// Of each thread, those are the events from `first` on, up to `end`.
struct span {
    uint16_t first[SM_EXPLORE_THREADS_MAX], end[SM_EXPLORE_THREADS_MAX];
};

static struct span only(struct sm_event_id id) {
    struct span span = {{0}, {0}};
    span.first[id.thread] = id.index;
    span.end[id.thread] = (uint16_t)(id.index + 1);
    return span;
}

static struct span from(const struct sm_graph *graph, struct sm_event_id id) {
    if (!is_fence(sm_graph_look(graph, id))) {
        return only(id);
    }
    struct span span;
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        uint16_t first = graph->lengths[thread];
        span.end[thread] = first;
        while (first > 0 && sm_view_has(graph->events[thread][first - 1].hb, id)) {
            first--;
        }
        span.first[thread] = first;
    }
    return span;
}

static struct span up_to(const struct sm_graph *graph, struct sm_event_id id) {
    const struct sm_graph_event *event = sm_graph_look(graph, id);
    if (!is_fence(event)) {
        return only(id);
    }
    struct span span;
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        span.first[thread] = 0;
        span.end[thread] = event->hb[thread];
    }
    return span;
}

// is_step tells whether an event of one span is before one of another: by scb, or if both spans are of fences by eco.
static int is_step(const struct sm_graph *graph, const struct span *left, const struct span *right, int fences,
                   enum sm_sc sc) {
    for (uint16_t a = 0; a < graph->thread_count; a++) {
        for (uint16_t i = left->first[a]; i < left->end[a]; i++) {
            for (uint16_t b = 0; b < graph->thread_count; b++) {
                for (uint16_t j = right->first[b]; j < right->end[b]; j++) {
                    struct sm_event_id begin = {a, i}, end = {b, j};
                    const struct sm_graph_event *first = sm_graph_look(graph, begin), *last = sm_graph_look(graph, end);
                    if (is_scb(graph, begin, end, sc) || (fences && meet(first, last) && is_eco(graph, first, last))) {
                        return 1;
                    }
                }
            }
        }
    }
    return 0;
}

// sc_events lists the seq_cst events and returns how many there are.
static unsigned sc_events(const struct sm_graph *graph, struct sm_event_id events[NODES_MAX]) {
    unsigned count = 0;
    for (uint16_t thread = 0; thread < graph->thread_count; thread++) {
        for (uint16_t i = 0; i < graph->lengths[thread]; i++) {
            if (graph->events[thread][i].order == SM_ORDER_SEQ_CST) {
                events[count++] = (struct sm_event_id){thread, i};
            }
        }
    }
    return count;
}

static int is_psc(const struct sm_graph *graph, struct sm_event_id left, struct sm_event_id right, enum sm_sc sc) {
    const struct sm_graph_event *left_event = sm_graph_look(graph, left), *right_event = sm_graph_look(graph, right);
    int fences = is_fence(left_event) && is_fence(right_event);
    if (fences && happens_before(left, right, right_event)) {
        return 1;
    }
    struct span begin = from(graph, left), end = up_to(graph, right);
    return is_step(graph, &begin, &end, fences, sc);
}

int sm_consistency_sc(const struct sm_graph *graph, enum sm_sc sc) {
    struct sm_event_id events[NODES_MAX];
    unsigned count = sc_events(graph, events);
    // An event that psc does not lead to from another one is on no cycle: it is taken away, until none is left.
    int taken = 1;
    while (count > 1 && taken) {
        taken = 0;
        for (unsigned i = 0; i < count && !taken; i++) {
            unsigned from_other = 0;
            while (from_other < count && (from_other == i || !is_psc(graph, events[from_other], events[i], sc))) {
                from_other++;
            }
            if (from_other == count) {
                events[i] = events[--count];
                taken = 1;
            }
        }
    }
    return count <= 1;
}
