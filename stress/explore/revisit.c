// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/revisit.h"

// past is what an event could see when it was added, had the write's own past been there from the beginning.
struct past {
    sm_view prefix; // what the write depends on, without itself
    uint32_t stamp; // of the event
};

static int has_write(const struct sm_graph *graph, const struct past *past, struct sm_event_id id) {
    return sm_view_has(past->prefix, id) || sm_graph_look(graph, id)->write_stamp <= past->stamp;
}

static int has_read(const struct sm_graph *graph, const struct past *past, struct sm_event_id id) {
    return sm_view_has(past->prefix, id) || sm_graph_look(graph, id)->read_stamp <= past->stamp;
}

// is_last tells whether the past has no write to the location above a position.
static int is_last(const struct sm_graph *graph, const struct past *past, const struct sm_graph_location *location,
                   unsigned position) {
    for (unsigned above = location->count - 1u; above > position; above--) {
        if (has_write(graph, past, location->order[above])) {
            return 0;
        }
    }
    return 1;
}

// is_read tells whether the past has a read of the write: one that was made to read it by a revisit.
static int is_read(const struct sm_graph *graph, const struct past *past, struct sm_event_id write) {
    for (uint16_t thread = 0; thread < graph->thread_count; thread++) {
        for (uint16_t i = 0; i < graph->lengths[thread]; i++) {
            const struct sm_graph_event *event = &graph->events[thread][i];
            if (event->reads && sm_event_id_equal(event->source, write) &&
                has_read(graph, past, (struct sm_event_id){thread, i})) {
                return 1;
            }
        }
    }
    return 0;
}

// is_maximal tells whether an event had taken the last write of its past, and had become the last one.
static int is_maximal(const struct sm_graph *graph, sm_view prefix, struct sm_event_id id) {
    const struct sm_graph_event *event = sm_graph_look(graph, id);
    const struct sm_graph_location *location = &graph->locations[event->location];
    if (event->reads) {
        struct past past = {prefix, event->read_stamp};
        if (event->spurious || !has_write(graph, &past, event->source) ||
            !is_last(graph, &past, location, sm_graph_position(graph, event->source))) {
            return 0;
        }
    }
    if (event->writes) {
        struct past past = {prefix, event->write_stamp};
        return is_last(graph, &past, location, event->position) && !is_read(graph, &past, id);
    }
    return 1;
}

// retained returns what is not deleted when a read is revisited by a write.
static sm_view retained(const struct sm_graph *graph, struct sm_event_id write, uint32_t read_stamp) {
    sm_view keep = sm_graph_look(graph, write)->porf;
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        uint16_t end = graph->lengths[thread];
        while (end > keep[thread] && graph->events[thread][end - 1].read_stamp > read_stamp) {
            end--;
        }
        keep[thread] = end;
    }
    return keep;
}

static int are_maximal(const struct sm_graph *graph, sm_view prefix, sm_view keep) {
    for (uint16_t thread = 0; thread < graph->thread_count; thread++) {
        for (uint16_t i = keep[thread]; i < graph->lengths[thread]; i++) {
            if (!is_maximal(graph, prefix, (struct sm_event_id){thread, i})) {
                return 0;
            }
        }
    }
    return 1;
}

static sm_view seen_before(const struct sm_graph *graph, struct sm_event_id id) {
    return id.index == 0 ? (sm_view){0} : graph->events[id.thread][id.index - 1].hb;
}

// keep_revised keeps the revised graph, in which the write has its place and is the read's source.
static void keep_revised(struct sm_search *search, struct sm_event_id write, struct sm_event_id read) {
    static const struct sm_event_id nobody = {SM_EVENT_INITIAL, 0};
    struct sm_graph *graph = &search->revised;
    struct sm_graph_event *event = sm_graph_at(graph, read);
    for (int spurious = sm_search_may_fail(search, graph, event); spurious >= 0; spurious--) {
        event->spurious = spurious;
        sm_graph_settle(graph, read);
        if (spurious && event->read != event->access.expected) {
            continue;
        }
        if (event->writes) {
            event->write_stamp = ++graph->stamp;
            sm_graph_place(graph, read, sm_graph_at(graph, write)->position + 1u);
        }
        if (sm_consistency_sc(graph, search->sc) &&
            !sm_pending_push(&search->pending, graph, event->writes ? read : nobody)) {
            search->out_of_memory = 1;
        }
        if (event->writes) {
            sm_graph_displace(graph, read);
        }
    }
}

// revise makes the graph of a revisit, for each place that the write may have in it.
static void revise(struct sm_search *search, struct sm_event_id write, struct sm_event_id read, sm_view keep) {
    struct sm_graph *graph = &search->revised;
    sm_graph_cut(&search->graph, keep, graph);
    struct sm_graph_event *read_event = sm_graph_at(graph, read);
    const struct sm_graph_event *write_event = sm_graph_at(graph, write);
    const struct sm_graph_location *location = &graph->locations[write_event->location];
    if (read_event->writes) {
        sm_graph_displace(graph, read);
    }
    read_event->source = write;
    sm_graph_displace(graph, write);
    unsigned first = sm_consistency_floor(graph, write_event->location, seen_before(graph, write)) + 1;
    unsigned last = location->count;
    if (write_event->reads) {
        first = last = sm_graph_position(graph, write_event->source) + 1;
    }
    unsigned read_floor = sm_consistency_floor(graph, write_event->location, seen_before(graph, read));
    first = first > read_floor ? first : read_floor + 1;
    for (unsigned position = first; position <= last; position++) {
        if (!sm_graph_updates(graph, location, position)) {
            sm_graph_place(graph, write, position);
            keep_revised(search, write, read);
            sm_graph_displace(graph, write);
        }
    }
}

void sm_revisit(struct sm_search *search, struct sm_event_id write) {
    const struct sm_graph *graph = &search->graph;
    const struct sm_graph_event *written = sm_graph_look(graph, write);
    sm_view prefix = written->porf;
    prefix[write.thread]--;
    for (uint16_t thread = 0; thread < graph->thread_count; thread++) {
        for (uint16_t i = written->porf[thread]; i < graph->lengths[thread]; i++) {
            const struct sm_graph_event *event = &graph->events[thread][i];
            struct sm_event_id read = {thread, i};
            if (event->reads && event->location == written->location && is_maximal(graph, prefix, read)) {
                sm_view keep = retained(graph, write, event->read_stamp);
                if (are_maximal(graph, prefix, keep)) {
                    revise(search, write, read, keep);
                }
            }
        }
    }
}
