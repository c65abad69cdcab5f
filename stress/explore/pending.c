// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/pending.h"

#include <stdlib.h>
#include <string.h>

// header is what stands last of a graph, after its events and its locations, for these are taken out backwards.
struct header {
    sm_view lengths;
    uint32_t stamp;
    uint16_t thread_count, location_count;
    struct sm_event_id renewed;
};

// size_of_location returns how much of a location is in use.
static size_t size_of_location(unsigned count) {
    return offsetof(struct sm_graph_location, order) + count * sizeof(struct sm_event_id);
}

static size_t size_of(const struct sm_graph *graph) {
    size_t size = sizeof(struct header);
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        size += graph->lengths[thread] * sizeof(struct sm_graph_event);
    }
    for (unsigned number = 0; number < graph->location_count; number++) {
        size += size_of_location(graph->locations[number].count) + sizeof graph->locations[number].count;
    }
    return size;
}

int sm_pending_reserve(struct sm_pending *pending, size_t more) {
    if (pending->size + more > pending->capacity) {
        size_t capacity = pending->capacity * 2 + more;
        unsigned char *bytes = realloc(pending->bytes, capacity);
        if (bytes == NULL) {
            return 0;
        }
        pending->bytes = bytes;
        pending->capacity = capacity;
    }
    return 1;
}

static int reserve_mark(struct sm_pending *pending) {
    if (pending->count == pending->marks_capacity) {
        size_t capacity = pending->marks_capacity * 2 + 64;
        struct sm_pending_mark *marks = realloc(pending->marks, capacity * sizeof *marks);
        if (marks == NULL) {
            return 0;
        }
        pending->marks = marks;
        pending->marks_capacity = capacity;
    }
    return 1;
}

double sm_pending_share(struct sm_pending *pending, size_t from, double whole) {
    double share = whole / (double)(pending->count - from + 1);
    for (size_t i = from; i < pending->count; i++) {
        pending->marks[i].share = share;
    }
    return share;
}

static void put(struct sm_pending *pending, const void *bytes, size_t size) {
    memcpy(pending->bytes + pending->size, bytes, size);
    pending->size += size;
}

static void take(struct sm_pending *pending, void *bytes, size_t size) {
    pending->size -= size;
    memcpy(bytes, pending->bytes + pending->size, size);
}

int sm_pending_push(struct sm_pending *pending, const struct sm_graph *graph, struct sm_event_id renewed) {
    size_t size = size_of(graph);
    if (!sm_pending_reserve(pending, size) || !reserve_mark(pending)) {
        return 0;
    }
    pending->marks[pending->count++] = (struct sm_pending_mark){0, size};
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        put(pending, graph->events[thread], graph->lengths[thread] * sizeof(struct sm_graph_event));
    }
    for (unsigned number = 0; number < graph->location_count; number++) {
        const struct sm_graph_location *location = &graph->locations[number];
        put(pending, location, size_of_location(location->count));
        put(pending, &location->count, sizeof location->count);
    }
    struct header header = {graph->lengths, graph->stamp, (uint16_t)graph->thread_count,
                            (uint16_t)graph->location_count, renewed};
    put(pending, &header, sizeof header);
    if (pending->size > pending->size_peak) {
        pending->size_peak = pending->size;
    }
    return 1;
}

int sm_pending_pop(struct sm_pending *pending, struct sm_graph *graph, struct sm_event_id *out_renewed) {
    if (pending->size == 0) {
        return 0;
    }
    struct header header;
    pending->count--;
    take(pending, &header, sizeof header);
    graph->lengths = header.lengths;
    graph->stamp = header.stamp;
    graph->thread_count = header.thread_count;
    graph->location_count = header.location_count;
    *out_renewed = header.renewed;
    for (unsigned number = header.location_count; number-- > 0;) {
        uint16_t count;
        take(pending, &count, sizeof count);
        take(pending, &graph->locations[number], size_of_location(count));
    }
    for (unsigned thread = header.thread_count; thread-- > 0;) {
        take(pending, graph->events[thread], header.lengths[thread] * sizeof(struct sm_graph_event));
    }
    return 1;
}

struct sm_pending_mark sm_pending_give(struct sm_pending *pending, unsigned char *bytes) {
    struct sm_pending_mark mark = pending->marks[0];
    memcpy(bytes, pending->bytes, mark.size);
    pending->size -= mark.size;
    pending->count--;
    memmove(pending->bytes, pending->bytes + mark.size, pending->size);
    memmove(pending->marks, pending->marks + 1, pending->count * sizeof *pending->marks);
    return mark;
}

int sm_pending_accept(struct sm_pending *pending, struct sm_pending_mark mark, const unsigned char *bytes) {
    if (!sm_pending_reserve(pending, mark.size) || !reserve_mark(pending)) {
        return 0;
    }
    pending->marks[pending->count++] = mark;
    put(pending, bytes, mark.size);
    return 1;
}

void sm_pending_free(struct sm_pending *pending) {
    free(pending->bytes);
    free(pending->marks);
    *pending = (struct sm_pending){.bytes = NULL};
}
