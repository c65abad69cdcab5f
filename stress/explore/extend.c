// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/extend.h"

#include <string.h>

static struct sm_clock all_of(const struct sm_graph *graph) {
    struct sm_clock all = {{0}};
    memcpy(all.of, graph->count, graph->threads);
    return all;
}

// before_event returns what happens-before the event of a thread that has this index, itself not included.
static struct sm_clock before_event(const struct sm_graph *graph, unsigned thread, unsigned index) {
    static const struct sm_clock none;
    return index == 0 ? none : graph->events[thread][index - 1].before;
}

// splits returns whether a write at this position would part a read-modify-write from the write that it reads.
static int splits(const struct sm_graph *graph, unsigned place, unsigned position) {
    if (position >= graph->write_count[place]) {
        return 0;
    }
    return sm_event_at(graph, graph->writes[place][position])->modify != SM_MODIFY_NOT;
}

static void displace(struct sm_graph *graph, sm_event_id write) {
    const struct sm_graph_event *event = sm_event_at(graph, write);
    sm_event_id *writes = graph->writes[event->place];
    unsigned count = --graph->write_count[event->place];
    for (unsigned i = event->position; i < count; i++) {
        writes[i] = writes[i + 1];
        sm_event_of(graph, writes[i])->position = (uint16_t)i;
    }
}

static void push_placed(struct sm_graph *graph, sm_event_id write, unsigned position, struct sm_pending *pending) {
    sm_graph_place(graph, write, position);
    if (sm_graph_psc_holds(graph)) {
        sm_pending_push(pending, graph);
    }
    displace(graph, write);
}

// ------------------------------------------------------------------------------------------------------------------
// Revisits

// revisit is a write that is offered to a read: the write has no place in the coherence order yet.
struct revisit {
    const struct sm_graph *graph;
    sm_event_id read, write;
    struct sm_clock prefix; // what reaches the write by program order and reads-from, itself not included
};

// was_there returns whether an event was there when the event of this stamp was added, had the write's prefix been
// added first.
static int was_there(const struct revisit *revisit, sm_event_id id, uint32_t stamp) {
    return id == SM_EVENT_INITIAL || sm_event_at(revisit->graph, id)->stamp <= stamp ||
           sm_clock_has(&revisit->prefix, SM_EVENT_THREAD(id), SM_EVENT_INDEX(id));
}

// is_maximal returns whether an event, when it was added, read from the newest write there was or was the newest, and
// nobody has read from it since who was there before: then, and only then, is the revisit the one among many orders of
// additions that is to make its graph.
static int is_maximal(const struct revisit *revisit, sm_event_id id) {
    const struct sm_graph *graph = revisit->graph;
    const struct sm_graph_event *event = sm_event_at(graph, id);
    if (event->kind == SM_GRAPH_FENCE) {
        return 1;
    }
    sm_event_id write = event->kind == SM_GRAPH_WRITE ? id : event->from;
    if (!was_there(revisit, write, event->stamp)) {
        return 0;
    }
    const sm_event_id *writes = graph->writes[event->place];
    for (unsigned i = sm_position_of(graph, write) + 1; i < graph->write_count[event->place]; i++) {
        if (was_there(revisit, writes[i], event->stamp)) {
            return 0;
        }
    }
    if (event->kind == SM_GRAPH_READ) {
        return 1;
    }
    for (unsigned thread = 0; thread < graph->threads; thread++) {
        for (unsigned i = 0; i < graph->count[thread]; i++) {
            const struct sm_graph_event *read = &graph->events[thread][i];
            if (read->kind == SM_GRAPH_READ && read->place == event->place && read->from == id &&
                was_there(revisit, SM_EVENT_ID(thread, i), event->stamp)) {
                return 0;
            }
        }
    }
    return 1;
}

// keeps writes what a revisit keeps. Returns whether what it deletes may be deleted.
static int keeps(const struct revisit *revisit, struct sm_clock *out_kept) {
    const struct sm_graph *graph = revisit->graph;
    uint32_t stamp = sm_event_at(graph, revisit->read)->stamp;
    if (!is_maximal(revisit, revisit->read)) {
        return 0;
    }
    *out_kept = revisit->prefix;
    for (unsigned thread = 0; thread < graph->threads; thread++) {
        unsigned kept = out_kept->of[thread];
        while (kept < graph->count[thread] && graph->events[thread][kept].stamp <= stamp) {
            kept++;
        }
        out_kept->of[thread] = (uint8_t)kept;
    }
    out_kept->of[SM_EVENT_THREAD(revisit->write)]++;
    for (unsigned thread = 0; thread < graph->threads; thread++) {
        for (unsigned i = out_kept->of[thread]; i < graph->count[thread]; i++) {
            if (!is_maximal(revisit, SM_EVENT_ID(thread, i))) {
                return 0;
            }
        }
    }
    return 1;
}

// copy_graph copies what is in use of a graph.
static void copy_graph(struct sm_graph *to, const struct sm_graph *from) {
    memcpy(to, from, offsetof(struct sm_graph, initial));
    memcpy(to->initial, from->initial, from->places * sizeof from->initial[0]);
    for (unsigned place = 0; place < from->places; place++) {
        memcpy(to->writes[place], from->writes[place], from->write_count[place] * sizeof(sm_event_id));
    }
    for (unsigned thread = 0; thread < from->threads; thread++) {
        memcpy(to->events[thread], from->events[thread], from->count[thread] * sizeof(struct sm_graph_event));
    }
}

// push_revisited pushes the graph in which the read reads from the write, once for each place of the write in the
// coherence order.
static void push_revisited(const struct revisit *revisit, const struct sm_clock *kept, struct sm_pending *pending) {
    static struct sm_graph graph; // large
    copy_graph(&graph, revisit->graph);
    sm_graph_keep(&graph, kept);
    sm_graph_read_from(&graph, revisit->read, revisit->write);
    const struct sm_graph_event *write = sm_event_at(&graph, revisit->write);
    unsigned thread = SM_EVENT_THREAD(revisit->write), place = write->place;
    struct sm_clock before = before_event(&graph, thread, SM_EVENT_INDEX(revisit->write));
    unsigned oldest = sm_graph_oldest(&graph, &before, place);
    before = before_event(&graph, SM_EVENT_THREAD(revisit->read), SM_EVENT_INDEX(revisit->read));
    unsigned oldest_read = sm_graph_oldest(&graph, &before, place);
    oldest = oldest > oldest_read ? oldest : oldest_read;
    if (write->modify == SM_MODIFY_NOT) {
        for (unsigned position = oldest + 1; position <= graph.write_count[place]; position++) {
            if (!splits(&graph, place, position)) {
                push_placed(&graph, revisit->write, position, pending);
            }
        }
        return;
    }
    unsigned position = sm_position_of(&graph, write->from) + 1;
    if (position > oldest && !splits(&graph, place, position)) {
        push_placed(&graph, revisit->write, position, pending);
    }
}

// revisit_reads offers a write without a place to all reads that do not lie before it.
static void revisit_reads(const struct sm_graph *graph, sm_event_id write, struct sm_pending *pending) {
    const struct sm_graph_event *event = sm_event_at(graph, write);
    struct revisit revisit = {.graph = graph, .write = write, .prefix = event->reaches};
    revisit.prefix.of[SM_EVENT_THREAD(write)]--;
    for (unsigned thread = 0; thread < graph->threads; thread++) {
        for (unsigned i = revisit.prefix.of[thread]; i < graph->count[thread]; i++) {
            const struct sm_graph_event *read = &graph->events[thread][i];
            struct sm_clock kept;
            revisit.read = SM_EVENT_ID(thread, i);
            if (read->kind == SM_GRAPH_READ && read->place == event->place && keeps(&revisit, &kept)) {
                push_revisited(&revisit, &kept, pending);
            }
        }
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Additions

// complete adds the second half of the read-modify-write that a thread is in, right after the write that it read.
// Returns whether RC11 allows that: no other has read the same.
static int complete(struct sm_graph *graph, unsigned thread, struct sm_pending *pending) {
    sm_event_id write = sm_graph_add_second_half(graph, thread);
    const struct sm_graph_event *event = sm_event_at(graph, write);
    revisit_reads(graph, write, pending);
    unsigned position = sm_position_of(graph, event->from) + 1;
    int alone = !splits(graph, event->place, position);
    sm_graph_place(graph, write, position);
    return alone;
}

static sm_event_id read_at(struct sm_graph *graph, unsigned thread, const struct sm_graph_event *like,
                           unsigned position) {
    return sm_graph_add_read(graph, thread, like, graph->writes[like->place][position]);
}

void sm_extend_read(struct sm_graph *graph, unsigned thread, const struct sm_graph_event *like,
                    struct sm_pending *pending) {
    struct sm_clock before = before_event(graph, thread, graph->count[thread]), all = all_of(graph);
    uint32_t stamp = graph->stamp;
    unsigned newest = graph->write_count[like->place] - 1u;
    for (unsigned position = sm_graph_oldest(graph, &before, like->place); position < newest; position++) {
        sm_event_id read = read_at(graph, thread, like, position);
        int allowed = !sm_event_at(graph, read)->writes || complete(graph, thread, pending);
        if (allowed && sm_graph_psc_holds(graph)) {
            sm_pending_push(pending, graph);
        }
        sm_graph_keep(graph, &all);
        graph->stamp = stamp;
    }
    // The newest write is always allowed: nothing is after what reads it.
    sm_event_id read = read_at(graph, thread, like, newest);
    if (sm_event_at(graph, read)->writes) {
        complete(graph, thread, pending);
    }
}

void sm_extend_write(struct sm_graph *graph, unsigned thread, const struct sm_graph_event *like,
                     struct sm_pending *pending) {
    struct sm_clock before = before_event(graph, thread, graph->count[thread]);
    unsigned position = sm_graph_oldest(graph, &before, like->place) + 1, end = graph->write_count[like->place];
    sm_event_id write = sm_graph_add_write(graph, thread, like);
    revisit_reads(graph, write, pending);
    for (; position < end; position++) {
        if (!splits(graph, like->place, position)) {
            push_placed(graph, write, position, pending);
        }
    }
    sm_graph_place(graph, write, end);
}

int sm_extend_halves(struct sm_graph *graph, struct sm_pending *pending) {
    for (unsigned thread = 0; thread < graph->threads; thread++) {
        unsigned count = graph->count[thread];
        const struct sm_graph_event *last = count == 0 ? NULL : &graph->events[thread][count - 1];
        if (last != NULL && last->kind == SM_GRAPH_READ && last->writes &&
            (!complete(graph, thread, pending) || !sm_graph_psc_holds(graph))) {
            return 0;
        }
    }
    return 1;
}
