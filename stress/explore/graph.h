// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// An execution graph of RC11: the events of each thread in program order, which write each read reads from, and the
// coherence order of each place. It is stored with its clocks, so that extending it asks only about the last events.
#ifndef SLOTMARK_STRESS_EXPLORE_GRAPH_H_
#define SLOTMARK_STRESS_EXPLORE_GRAPH_H_

#include <stddef.h>
#include <stdint.h>

enum {
    SM_GRAPH_THREADS = 8,
    SM_GRAPH_EVENTS = 96, // a thread's
    SM_GRAPH_PLACES = 48,
    SM_GRAPH_WRITES_MAX = 160 // of one place, the initial one included
};

// sm_clock counts, for each thread, how many of its events lie before: a set of events that is closed under program
// order.
struct sm_clock {
    uint8_t of[SM_GRAPH_THREADS];
};

// sm_event_id names an event: its thread and its index there. SM_EVENT_INITIAL is the write that a place begins with.
typedef uint16_t sm_event_id;
#define SM_EVENT_INITIAL           UINT16_MAX
#define SM_EVENT_ID(thread, index) ((sm_event_id)((thread)*SM_GRAPH_EVENTS + (index)))
#define SM_EVENT_THREAD(id)        ((id) / SM_GRAPH_EVENTS)
#define SM_EVENT_INDEX(id)         ((id) % SM_GRAPH_EVENTS)

enum sm_graph_event_kind {
    SM_GRAPH_READ,  // a load, a failed compare-exchange, or the first half of what reads and writes at once
    SM_GRAPH_WRITE, // a store, or the second half
    SM_GRAPH_FENCE
};

// SM_MODIFY_*: what a read-modify-write makes of the value that it read.
enum sm_modify {
    SM_MODIFY_NOT, // a plain load or store
    SM_MODIFY_EXCHANGE,
    SM_MODIFY_ADD,
    SM_MODIFY_SUB,
    SM_MODIFY_AND,
    SM_MODIFY_OR,
    SM_MODIFY_XOR,
    SM_MODIFY_NAND,
    SM_MODIFY_COMPARE // exchange, where the value is the expected one
};

// SM_ORDER_*: a memory order, as the set of what it does.
enum sm_order {
    SM_ORDER_RELAXED = 0,
    SM_ORDER_ACQUIRE = 1,
    SM_ORDER_RELEASE = 2,
    SM_ORDER_ACQ_REL = SM_ORDER_ACQUIRE | SM_ORDER_RELEASE,
    SM_ORDER_SEQ_CST = SM_ORDER_ACQ_REL | 4
};

struct sm_graph_event {
    uint8_t kind;   // enum sm_graph_event_kind
    uint8_t order;  // enum sm_order, of the event as it went: that of failure where a compare-exchange failed
    uint8_t modify; // enum sm_modify
    uint8_t place;
    uint8_t writes;       // of a read: its second half follows
    uint8_t order_done;   // of a read-modify-write: the order if it writes
    uint8_t order_failed; // and if it does not
    uint8_t bytes;
    uint16_t from;     // of a read: the write
    uint16_t position; // of a write: in the coherence order of its place
    uint32_t stamp;    // when it was added
    uint64_t value;    // read or written
    uint64_t operand, expected;
    struct sm_clock before;   // what happens-before it, itself included
    struct sm_clock reaches;  // what program order and reads-from reach it from, itself included
    struct sm_clock message;  // of a write: what a read of it that acquires synchronizes with
    struct sm_clock acquired; // messages read so far, for an acquire fence to come
    struct sm_clock released; // what the last release fence publishes
};

struct sm_graph {
    uint32_t stamp; // of the next event
    uint8_t threads, places;
    uint8_t seq_cst;        // events of that order
    uint8_t strong_seq_cst; // the condition on them is the strong one: see psc.c
    uint8_t count[SM_GRAPH_THREADS];
    uint8_t write_count[SM_GRAPH_PLACES];
    uint64_t initial[SM_GRAPH_PLACES];
    sm_event_id writes[SM_GRAPH_PLACES][SM_GRAPH_WRITES_MAX]; // the coherence order; the first is SM_EVENT_INITIAL
    struct sm_graph_event events[SM_GRAPH_THREADS][SM_GRAPH_EVENTS];
};

static inline struct sm_graph_event *sm_event_of(struct sm_graph *graph, sm_event_id id) {
    return &graph->events[SM_EVENT_THREAD(id)][SM_EVENT_INDEX(id)];
}
static inline const struct sm_graph_event *sm_event_at(const struct sm_graph *graph, sm_event_id id) {
    return &graph->events[SM_EVENT_THREAD(id)][SM_EVENT_INDEX(id)];
}

static inline int sm_clock_has(const struct sm_clock *clock, unsigned thread, unsigned index) {
    return index < clock->of[thread];
}
static inline void sm_clock_join(struct sm_clock *clock, const struct sm_clock *other) {
    for (unsigned i = 0; i < SM_GRAPH_THREADS; i++) {
        clock->of[i] = clock->of[i] > other->of[i] ? clock->of[i] : other->of[i];
    }
}

// sm_position_of returns where a write stands in its place's coherence order; the initial one is the first.
static inline unsigned sm_position_of(const struct sm_graph *graph, sm_event_id write) {
    return write == SM_EVENT_INITIAL ? 0 : sm_event_at(graph, write)->position;
}

// sm_graph_begin makes an empty graph.
void sm_graph_begin(struct sm_graph *graph, unsigned threads);

// sm_graph_size returns how many bytes sm_graph_save writes. What is saved is restored by sm_graph_load.
size_t sm_graph_size(const struct sm_graph *graph);
void sm_graph_save(const struct sm_graph *graph, unsigned char *out);
void sm_graph_load(struct sm_graph *graph, const unsigned char *in);

// sm_graph_oldest returns the position of the oldest write of a place that an event after `clock` may read: whatever is
// older is hidden by a write or a read that happens-before. A write that comes there stands behind it.
unsigned sm_graph_oldest(const struct sm_graph *graph, const struct sm_clock *clock, unsigned place);

// sm_graph_consumer returns the read half of the read-modify-write that reads from `write`, or SM_EVENT_INITIAL.
sm_event_id sm_graph_consumer(const struct sm_graph *graph, unsigned place, sm_event_id write);

// sm_graph_add_read adds a read of thread `thread`, or the first half of a read-modify-write, that reads from `from`.
// `like` says kind, orders, place and operands.
sm_event_id sm_graph_add_read(struct sm_graph *graph, unsigned thread, const struct sm_graph_event *like,
                              sm_event_id from);

// sm_graph_read_from has the last event of a thread, which is a read, read from another write.
void sm_graph_read_from(struct sm_graph *graph, sm_event_id read, sm_event_id from);

// sm_graph_add_write adds a write that has no place in the coherence order yet. sm_graph_place gives it one.
sm_event_id sm_graph_add_write(struct sm_graph *graph, unsigned thread, const struct sm_graph_event *like);
void sm_graph_place(struct sm_graph *graph, sm_event_id write, unsigned position);

// sm_graph_add_second_half adds the write of the read-modify-write whose read is the thread's last event.
sm_event_id sm_graph_add_second_half(struct sm_graph *graph, unsigned thread);

sm_event_id sm_graph_add_fence(struct sm_graph *graph, unsigned thread, enum sm_order order);

// sm_graph_keep removes all events but the first kept->of[t] of each thread t.
void sm_graph_keep(struct sm_graph *graph, const struct sm_clock *kept);

// sm_graph_describe writes the events, a line each, in an order in which they may have happened.
void sm_graph_describe(const struct sm_graph *graph, char *text, size_t size);

// sm_graph_psc_holds returns whether the partial order of seq_cst events has no cycle, as RC11 asks (Lahav et al., PLDI
// 2017, section 4).
int sm_graph_psc_holds(const struct sm_graph *graph);

#endif // SLOTMARK_STRESS_EXPLORE_GRAPH_H_
