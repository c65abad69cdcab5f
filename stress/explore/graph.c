// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/graph.h"

#include <string.h>

static const struct sm_event_id initial_value = {SM_EVENT_INITIAL, 0};

void sm_graph_clear(struct sm_graph *graph, unsigned thread_count) {
    graph->thread_count = thread_count;
    graph->location_count = 0;
    graph->stamp = 0;
    graph->lengths = (sm_view){0};
}

static int is_used(const struct sm_graph *graph, unsigned location) {
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        for (unsigned i = 0; i < graph->lengths[thread]; i++) {
            const struct sm_graph_event *event = &graph->events[thread][i];
            if ((event->reads || event->writes) && event->location == location) {
                return 1;
            }
        }
    }
    return 0;
}

// locate returns the number of the location at an address; SM_EXPLORE_LOCATIONS_MAX where there are too many.
static unsigned locate(struct sm_graph *graph, uintptr_t address, uint64_t initial) {
    unsigned number = 0;
    while (number < graph->location_count && graph->locations[number].address != address) {
        number++;
    }
    if (number == SM_EXPLORE_LOCATIONS_MAX) {
        return number;
    }
    struct sm_graph_location *location = &graph->locations[number];
    if (number == graph->location_count) {
        graph->location_count++;
        location->address = address;
        location->initial = initial;
        location->count = 1;
        location->order[0] = initial_value;
    } else if (location->count == 1 && !is_used(graph, number)) {
        location->initial = initial;
    }
    return number;
}

int sm_graph_append(struct sm_graph *graph, unsigned thread, const struct sm_access *access, uint64_t initial,
                    struct sm_event_id *out_id) {
    unsigned location = 0;
    if (graph->lengths[thread] == SM_EXPLORE_EVENTS_MAX) {
        return 0;
    }
    if (access->kind != SM_ACCESS_FENCE) {
        location = locate(graph, access->address, initial);
        if (location == SM_EXPLORE_LOCATIONS_MAX || graph->locations[location].count == SM_EXPLORE_WRITES_MAX) {
            return 0;
        }
    }
    *out_id = (struct sm_event_id){(uint16_t)thread, graph->lengths[thread]++};
    struct sm_graph_event *event = sm_graph_at(graph, *out_id);
    event->access = *access;
    event->read_stamp = ++graph->stamp;
    event->write_stamp = ++graph->stamp;
    event->location = (uint16_t)location;
    event->spurious = 0;
    event->source = initial_value;
    return 1;
}

// receive makes an event read from its source. A compare-exchange may turn out to be a read only.
static void receive(const struct sm_graph *graph, struct sm_graph_event *event) {
    const struct sm_access *access = &event->access;
    static const struct sm_graph_event nothing;
    int initial = event->source.thread == SM_EVENT_INITIAL;
    const struct sm_graph_event *source = initial ? &nothing : sm_graph_look(graph, event->source);
    event->read = initial ? graph->locations[event->location].initial : source->written;
    event->writes = access->kind != SM_ACCESS_LOAD;
    if (sm_access_compares(access) && (event->read != access->expected || event->spurious)) {
        event->writes = 0;
        event->order = access->failure;
    }
    event->porf = sm_view_join(event->porf, source->porf);
    event->acquired = sm_view_join(event->acquired, source->message);
    if (event->order & SM_ORDER_ACQUIRE) {
        event->hb = sm_view_join(event->hb, source->message);
    }
    event->message = source->message; // of a read-modify-write, which continues the release sequence
}

// send makes an event write. What a reader acquires is the event itself, or the last release fence before it. A store
// does not continue an earlier one's release sequence, even one of its own thread: as in C++20.
static void send(const struct sm_graph *graph, struct sm_graph_event *event, unsigned thread) {
    event->written = sm_access_written(&event->access, event->read);
    if (event->order & SM_ORDER_RELEASE) {
        event->message = sm_view_join(event->message, event->hb);
    } else if (event->release_fence > 0) {
        event->message = sm_view_join(event->message, graph->events[thread][event->release_fence - 1].hb);
    }
}

void sm_graph_settle(struct sm_graph *graph, struct sm_event_id id) {
    static const struct sm_graph_event nothing;
    struct sm_graph_event *event = sm_graph_at(graph, id);
    const struct sm_graph_event *previous = id.index == 0 ? &nothing : event - 1;
    event->hb = previous->hb;
    event->porf = previous->porf;
    event->hb[id.thread] = event->porf[id.thread] = (uint16_t)(id.index + 1);
    event->acquired = previous->acquired;
    event->message = (sm_view){0};
    event->release_fence = previous->release_fence;
    event->order = event->access.order;
    event->reads = sm_access_reads(&event->access);
    event->writes = event->access.kind == SM_ACCESS_STORE;
    event->read = 0;
    if (event->access.kind == SM_ACCESS_FENCE) {
        if (event->order & SM_ORDER_ACQUIRE) {
            event->hb = sm_view_join(event->hb, event->acquired);
        }
        if (event->order & SM_ORDER_RELEASE) {
            event->release_fence = (uint16_t)(id.index + 1);
        }
    }
    if (event->reads) {
        receive(graph, event);
    }
    if (event->writes) {
        send(graph, event, id.thread);
    }
}

static void number_from(struct sm_graph *graph, struct sm_graph_location *location, unsigned position) {
    for (; position < location->count; position++) {
        sm_graph_at(graph, location->order[position])->position = (uint16_t)position;
    }
}

void sm_graph_place(struct sm_graph *graph, struct sm_event_id write, unsigned position) {
    struct sm_graph_location *location = &graph->locations[sm_graph_at(graph, write)->location];
    struct sm_event_id *place = &location->order[position];
    memmove(place + 1, place, (location->count - position) * sizeof *place);
    *place = write;
    location->count++;
    number_from(graph, location, position);
}

void sm_graph_displace(struct sm_graph *graph, struct sm_event_id write) {
    const struct sm_graph_event *event = sm_graph_at(graph, write);
    struct sm_graph_location *location = &graph->locations[event->location];
    struct sm_event_id *place = &location->order[event->position];
    location->count--;
    memmove(place, place + 1, (size_t)(location->count - event->position) * sizeof *place);
    number_from(graph, location, event->position);
}

void sm_graph_cut(const struct sm_graph *graph, sm_view keep, struct sm_graph *out) {
    out->thread_count = graph->thread_count;
    out->location_count = graph->location_count;
    out->stamp = graph->stamp;
    out->lengths = keep;
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        memcpy(out->events[thread], graph->events[thread], keep[thread] * sizeof(struct sm_graph_event));
    }
    for (unsigned number = 0; number < graph->location_count; number++) {
        const struct sm_graph_location *from = &graph->locations[number];
        struct sm_graph_location *to = &out->locations[number];
        to->address = from->address;
        to->initial = from->initial;
        to->count = 0;
        for (unsigned i = 0; i < from->count; i++) {
            if (sm_view_has(keep, from->order[i])) {
                to->order[to->count++] = from->order[i];
            }
        }
        number_from(out, to, 1);
    }
}
