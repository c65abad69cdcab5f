// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/search.h"

#include "stress/explore/revisit.h"

static const struct sm_event_id nobody = {SM_EVENT_INITIAL, 0};

int sm_search_begin(struct sm_search *search, unsigned thread_count, enum sm_sc sc, unsigned spurious_max,
                    int assumes_weak) {
    search->sc = sc;
    search->spurious_max = spurious_max;
    search->assumes_weak = assumes_weak;
    search->out_of_memory = 0;
    search->share = 1;
    search->done = 0;
    sm_graph_clear(&search->graph, thread_count);
    return sm_pending_reserve(&search->pending, 1 << 16);
}

int sm_search_may_fail(const struct sm_search *search, const struct sm_graph *graph,
                       const struct sm_graph_event *event) {
    int is_weak = event->access.kind == SM_ACCESS_COMPARE_EXCHANGE_WEAK;
    if (!(is_weak || (search->assumes_weak && event->access.maybe_weak)) || search->spurious_max == 0) {
        return 0;
    }
    unsigned others = 0;
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        for (unsigned i = 0; i < graph->lengths[thread]; i++) {
            others += graph->events[thread][i].spurious && &graph->events[thread][i] != event;
        }
    }
    return others < search->spurious_max;
}

// keep_alternative keeps the graph as it stands if it is consistent.
static void keep_alternative(struct sm_search *search) {
    if (sm_consistency_sc(&search->graph, search->sc) && !sm_pending_push(&search->pending, &search->graph, nobody)) {
        search->out_of_memory = 1;
    }
}

static void extend_store(struct sm_search *search, struct sm_event_id id, unsigned floor) {
    struct sm_graph *graph = &search->graph;
    const struct sm_graph_location *location = &graph->locations[sm_graph_at(graph, id)->location];
    unsigned last = location->count;
    sm_graph_settle(graph, id);
    for (unsigned position = floor + 1; position < last; position++) {
        if (!sm_graph_updates(graph, location, position)) {
            sm_graph_place(graph, id, position);
            keep_alternative(search);
            sm_graph_displace(graph, id);
        }
    }
    sm_graph_place(graph, id, last);
    sm_revisit(search, id);
}

// extend_read lets a read take each write it may, the last one last. A read-modify-write may even take one that another
// has taken, though this graph is not consistent then: its write may make that other read it, which is.
static void extend_read(struct sm_search *search, struct sm_event_id id, unsigned floor) {
    struct sm_graph *graph = &search->graph;
    struct sm_graph_event *event = sm_graph_at(graph, id);
    const struct sm_graph_location *location = &graph->locations[event->location];
    unsigned last = location->count - 1u;
    for (unsigned position = floor; position <= last; position++) {
        event->source = location->order[position];
        for (int spurious = sm_search_may_fail(search, graph, event); spurious >= 0; spurious--) {
            event->spurious = spurious;
            sm_graph_settle(graph, id);
            if (spurious && event->read != event->access.expected) {
                continue; // it fails in any case
            }
            int taken = event->writes && sm_graph_updates(graph, location, position + 1);
            if (event->writes) {
                sm_graph_place(graph, id, position + 1);
                sm_revisit(search, id);
            }
            if (position == last && !spurious) {
                return;
            }
            if (!taken) {
                keep_alternative(search);
            }
            if (event->writes) {
                sm_graph_displace(graph, id);
            }
        }
    }
}

int sm_search_extend(struct sm_search *search, unsigned thread, const struct sm_access *access, uint64_t initial) {
    struct sm_graph *graph = &search->graph;
    unsigned length = graph->lengths[thread];
    struct sm_event_id id;
    if (!sm_graph_append(graph, thread, access, initial, &id)) {
        return 0;
    }
    if (access->kind == SM_ACCESS_FENCE) {
        sm_graph_settle(graph, id);
        return 1;
    }
    sm_view before = length == 0 ? (sm_view){0} : graph->events[thread][length - 1].hb;
    unsigned floor = sm_consistency_floor(graph, sm_graph_at(graph, id)->location, before);
    size_t kept = search->pending.count;
    if (sm_access_reads(access)) {
        extend_read(search, id, floor);
    } else {
        extend_store(search, id, floor);
    }
    search->share = sm_pending_share(&search->pending, kept, search->share);
    return 1;
}

int sm_search_follow(struct sm_graph *graph, unsigned thread, const struct sm_access *access, uint64_t initial,
                     struct sm_event_id source, int spurious,
                     int (*is_before)(struct sm_event_id one, struct sm_event_id other)) {
    struct sm_event_id id;
    if (!sm_graph_append(graph, thread, access, initial, &id)) {
        return 0;
    }
    struct sm_graph_event *event = sm_graph_at(graph, id);
    event->source = source;
    event->spurious = spurious;
    sm_graph_settle(graph, id);
    if (event->writes) {
        const struct sm_graph_location *location = &graph->locations[event->location];
        unsigned position = 1;
        while (position < location->count && is_before(location->order[position], id)) {
            position++;
        }
        sm_graph_place(graph, id, position);
    }
    return 1;
}

int sm_search_next(struct sm_search *search) {
    struct sm_event_id renewed;
    search->done += search->share;
    search->share = 0;
    if (!sm_pending_pop(&search->pending, &search->graph, &renewed)) {
        return 0;
    }
    size_t kept = search->pending.count;
    search->share = search->pending.marks[kept].share;
    if (renewed.thread != SM_EVENT_INITIAL) {
        sm_revisit(search, renewed);
        search->share = sm_pending_share(&search->pending, kept, search->share);
    }
    return 1;
}

void sm_search_end(struct sm_search *search) {
    sm_pending_free(&search->pending);
}
