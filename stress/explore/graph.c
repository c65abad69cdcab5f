// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/graph.h"

#include <string.h>

void sm_graph_begin(struct sm_graph *graph, unsigned threads) {
    memset(graph, 0, offsetof(struct sm_graph, writes));
    graph->threads = (uint8_t)threads;
}

// part copies to a saved graph, or from it, or only counts.
static size_t part(void *live, size_t bytes, unsigned char *saved, size_t at, int load) {
    if (saved != NULL && load) {
        memcpy(live, saved + at, bytes);
    } else if (saved != NULL) {
        memcpy(saved + at, live, bytes);
    }
    return at + bytes;
}

static size_t parts(struct sm_graph *graph, unsigned char *saved, int load) {
    size_t at = part(graph, offsetof(struct sm_graph, initial), saved, 0, load);
    at = part(graph->initial, graph->places * sizeof graph->initial[0], saved, at, load);
    for (unsigned place = 0; place < graph->places; place++) {
        at = part(graph->writes[place], graph->write_count[place] * sizeof(sm_event_id), saved, at, load);
    }
    for (unsigned thread = 0; thread < graph->threads; thread++) {
        at = part(graph->events[thread], graph->count[thread] * sizeof(struct sm_graph_event), saved, at, load);
    }
    return at;
}

size_t sm_graph_size(const struct sm_graph *graph) {
    return parts((struct sm_graph *)(uintptr_t)graph, NULL, 0);
}

void sm_graph_save(const struct sm_graph *graph, unsigned char *out) {
    parts((struct sm_graph *)(uintptr_t)graph, out, 0);
}

void sm_graph_load(struct sm_graph *graph, const unsigned char *in) {
    parts(graph, (unsigned char *)(uintptr_t)in, 1);
}

unsigned sm_graph_oldest(const struct sm_graph *graph, const struct sm_clock *clock, unsigned place) {
    unsigned oldest = 0;
    for (unsigned thread = 0; thread < graph->threads; thread++) {
        for (unsigned i = clock->of[thread]; i-- > 0;) {
            const struct sm_graph_event *event = &graph->events[thread][i];
            if (event->place != place || event->kind == SM_GRAPH_FENCE) {
                continue;
            }
            unsigned position = event->kind == SM_GRAPH_READ ? sm_position_of(graph, event->from) : event->position;
            oldest = position > oldest ? position : oldest;
            break; // coherence holds so far: what the thread did before is no newer
        }
    }
    return oldest;
}

sm_event_id sm_graph_consumer(const struct sm_graph *graph, unsigned place, sm_event_id write) {
    for (unsigned thread = 0; thread < graph->threads; thread++) {
        for (unsigned i = 0; i < graph->count[thread]; i++) {
            const struct sm_graph_event *event = &graph->events[thread][i];
            if (event->kind == SM_GRAPH_READ && event->writes && event->place == place && event->from == write) {
                return SM_EVENT_ID(thread, i);
            }
        }
    }
    return SM_EVENT_INITIAL;
}

// follow gives the last event of a thread the clocks of the one before it.
static void follow(struct sm_graph *graph, unsigned thread, unsigned index) {
    struct sm_graph_event *event = &graph->events[thread][index];
    static const struct sm_clock none;
    const struct sm_graph_event *last = index == 0 ? NULL : event - 1;
    event->before = last == NULL ? none : last->before;
    event->reaches = last == NULL ? none : last->reaches;
    event->acquired = last == NULL ? none : last->acquired;
    event->released = last == NULL ? none : last->released;
    event->message = none;
    event->before.of[thread] = event->reaches.of[thread] = (uint8_t)(index + 1);
}

static sm_event_id append(struct sm_graph *graph, unsigned thread, const struct sm_graph_event *like) {
    unsigned index = graph->count[thread]++;
    graph->events[thread][index] = *like;
    graph->events[thread][index].stamp = graph->stamp++;
    follow(graph, thread, index);
    return SM_EVENT_ID(thread, index);
}

static uint64_t value_of(const struct sm_graph *graph, unsigned place, sm_event_id write) {
    return write == SM_EVENT_INITIAL ? graph->initial[place] : sm_event_at(graph, write)->value;
}

static uint64_t truncated(uint64_t value, unsigned bytes) {
    return bytes >= 8 ? value : value & ((UINT64_C(1) << (8 * bytes)) - 1);
}

void sm_graph_read_from(struct sm_graph *graph, sm_event_id read, sm_event_id from) {
    struct sm_graph_event *event = sm_event_of(graph, read);
    graph->seq_cst = (uint8_t)(graph->seq_cst - (event->order == SM_ORDER_SEQ_CST));
    follow(graph, SM_EVENT_THREAD(read), SM_EVENT_INDEX(read));
    event->from = from;
    event->value = truncated(value_of(graph, event->place, from), event->bytes);
    event->writes =
        event->modify != SM_MODIFY_NOT && (event->modify != SM_MODIFY_COMPARE || event->value == event->expected);
    event->order = event->modify == SM_MODIFY_NOT || event->writes ? event->order_done : event->order_failed;
    graph->seq_cst = (uint8_t)(graph->seq_cst + (event->order == SM_ORDER_SEQ_CST));
    if (from == SM_EVENT_INITIAL) {
        return;
    }
    const struct sm_graph_event *write = sm_event_at(graph, from);
    sm_clock_join(&event->reaches, &write->reaches);
    sm_clock_join(&event->acquired, &write->message);
    if (event->order & SM_ORDER_ACQUIRE) {
        sm_clock_join(&event->before, &write->message);
    }
}

sm_event_id sm_graph_add_read(struct sm_graph *graph, unsigned thread, const struct sm_graph_event *like,
                              sm_event_id from) {
    sm_event_id read = append(graph, thread, like);
    sm_event_of(graph, read)->order = SM_ORDER_RELAXED; // counted by read_from
    sm_graph_read_from(graph, read, from);
    return read;
}

// publish gives a write its message: what happened before where it releases, else what a release fence before it
// published; and, in the second half of a read-modify-write, what the write that it read published, whose release
// sequence it continues.
static void publish(struct sm_graph *graph, struct sm_graph_event *write, sm_event_id from) {
    write->message = write->order & SM_ORDER_RELEASE ? write->before : write->released;
    if (from != SM_EVENT_INITIAL) {
        sm_clock_join(&write->message, &sm_event_at(graph, from)->message);
    }
    graph->seq_cst = (uint8_t)(graph->seq_cst + (write->order == SM_ORDER_SEQ_CST));
}

sm_event_id sm_graph_add_write(struct sm_graph *graph, unsigned thread, const struct sm_graph_event *like) {
    sm_event_id write = append(graph, thread, like);
    publish(graph, sm_event_of(graph, write), SM_EVENT_INITIAL);
    return write;
}

static uint64_t modified(const struct sm_graph_event *read) {
    switch ((enum sm_modify)read->modify) {
    case SM_MODIFY_ADD:
        return read->value + read->operand;
    case SM_MODIFY_SUB:
        return read->value - read->operand;
    case SM_MODIFY_AND:
        return read->value & read->operand;
    case SM_MODIFY_OR:
        return read->value | read->operand;
    case SM_MODIFY_XOR:
        return read->value ^ read->operand;
    case SM_MODIFY_NAND:
        return ~(read->value & read->operand);
    case SM_MODIFY_EXCHANGE:
    case SM_MODIFY_COMPARE:
    case SM_MODIFY_NOT:
        break;
    }
    return read->operand;
}

sm_event_id sm_graph_add_second_half(struct sm_graph *graph, unsigned thread) {
    const struct sm_graph_event *read = &graph->events[thread][graph->count[thread] - 1];
    struct sm_graph_event like = *read;
    like.kind = SM_GRAPH_WRITE;
    like.writes = 0;
    like.value = truncated(modified(read), read->bytes);
    sm_event_id write = append(graph, thread, &like);
    publish(graph, sm_event_of(graph, write), like.from);
    return write;
}

void sm_graph_place(struct sm_graph *graph, sm_event_id write, unsigned position) {
    struct sm_graph_event *event = sm_event_of(graph, write);
    sm_event_id *writes = graph->writes[event->place];
    for (unsigned i = graph->write_count[event->place]++; i > position; i--) {
        writes[i] = writes[i - 1];
        sm_event_of(graph, writes[i])->position = (uint16_t)i;
    }
    writes[position] = write;
    event->position = (uint16_t)position;
}

sm_event_id sm_graph_add_fence(struct sm_graph *graph, unsigned thread, enum sm_order order) {
    struct sm_graph_event like = {.kind = SM_GRAPH_FENCE, .order = (uint8_t)order};
    sm_event_id fence = append(graph, thread, &like);
    struct sm_graph_event *event = sm_event_of(graph, fence);
    if (order & SM_ORDER_ACQUIRE) {
        sm_clock_join(&event->before, &event->acquired);
    }
    if (order & SM_ORDER_RELEASE) {
        event->released = event->before;
    }
    graph->seq_cst = (uint8_t)(graph->seq_cst + (order == SM_ORDER_SEQ_CST));
    return fence;
}

void sm_graph_keep(struct sm_graph *graph, const struct sm_clock *kept) {
    for (unsigned place = 0; place < graph->places; place++) {
        sm_event_id *writes = graph->writes[place];
        unsigned count = 1;
        for (unsigned i = 1; i < graph->write_count[place]; i++) {
            if (sm_clock_has(kept, SM_EVENT_THREAD(writes[i]), SM_EVENT_INDEX(writes[i]))) {
                writes[count] = writes[i];
                sm_event_of(graph, writes[i])->position = (uint16_t)count++;
            }
        }
        graph->write_count[place] = (uint8_t)count;
    }
    for (unsigned thread = 0; thread < graph->threads; thread++) {
        for (unsigned i = kept->of[thread]; i < graph->count[thread]; i++) {
            graph->seq_cst = (uint8_t)(graph->seq_cst - (graph->events[thread][i].order == SM_ORDER_SEQ_CST));
        }
        graph->count[thread] = kept->of[thread];
    }
}
