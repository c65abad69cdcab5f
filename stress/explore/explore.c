// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A run replays the events of its graph, each operation returning what the graph says, and goes on from there: the
// lowest-numbered thread first, until it is done. Memory keeps its first values until the end.
#include "stress/explore/explore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/explore/extend.h"
#include "stress/explore/fiber.h"
#include "stress/explore/pending.h"
#include "stress/explore/race.h"
#include "stress/explore/snapshot.h"

enum { PLACE_SLOTS = 256 }; // of the table of places; a power of two

static struct {
    const struct sm_explore_client *client;
    struct sm_explore_result *result;
    struct sm_graph graph;
    struct sm_pending pending;
    struct sm_fiber home, fibers[SM_GRAPH_THREADS];
    unsigned running;                  // the thread whose fiber runs
    uint8_t at[SM_GRAPH_THREADS];      // how many of its events a thread has gone through
    uint8_t done[SM_GRAPH_THREADS];    // it has returned
    unsigned left;                     // events to be replayed yet
    uint8_t blocked[SM_GRAPH_THREADS]; // it waits for ever
    int active;                        // a fiber runs
    int extending;                     // all have been: the running thread goes on beyond
    int given_up;                      // a bound was met
    void *objects[SM_GRAPH_PLACES];    // by place
    uint8_t place_bytes[SM_GRAPH_PLACES];
    uint8_t place_of[PLACE_SLOTS]; // place + 1, by a hash of the address; 0: free
    unsigned places;
} engine;

static struct sm_clock before_running(void) {
    static const struct sm_clock none;
    unsigned thread = engine.running, at = engine.at[thread];
    return at == 0 ? none : engine.graph.events[thread][at - 1].before;
}

void sm_explore_fault(const char *what) {
    int active = engine.active;
    if (engine.client->fault != NULL) {
        engine.active = 0;
        engine.client->fault(engine.client->context, what);
        engine.active = active;
    }
}

static void yield(void) {
    sm_fiber_switch(&engine.fibers[engine.running], &engine.home);
}

static void give_up(void) {
    engine.given_up = 1;
    for (;;) {
        yield();
    }
}

static void check_race(const void *object, size_t bytes, enum sm_access access) {
    struct sm_clock before = before_running();
    int other = sm_race_check(object, bytes, access, engine.running, engine.at[engine.running], &before);
    if (other == -2) {
        give_up();
    }
    if (other >= 0) {
        static const char *const names[] = {"a plain read", "a plain write", "an atomic read", "an atomic write"};
        char text[160];
        snprintf(text, sizeof text, "data race: nothing orders %s of thread %u with an access of thread %d, at %p",
                 names[access], engine.running, other, object);
        sm_explore_fault(text);
    }
}

// broken ends the process: the client is not what a client must be, and nothing that could be said is true.
static _Noreturn void broken(const char *what) {
    fprintf(stderr, "slotmark: the explored program cannot be explored: %s\n", what);
    abort();
}

static uint64_t load_memory(const void *object, unsigned bytes) {
    uint64_t value = 0;
    memcpy(&value, object, bytes); // little-endian
    return value;
}

// place_of returns the number of an object's place, which is the same in all runs.
static unsigned place_of(void *object, unsigned bytes) {
    size_t slot = ((uintptr_t)object >> 2) % PLACE_SLOTS;
    while (engine.place_of[slot] != 0 && engine.objects[engine.place_of[slot] - 1] != object) {
        slot = (slot + 1) % PLACE_SLOTS;
    }
    if (engine.place_of[slot] == 0) {
        if (engine.places == SM_GRAPH_PLACES) {
            give_up();
        }
        engine.objects[engine.places] = object;
        engine.place_bytes[engine.places] = (uint8_t)bytes;
        engine.place_of[slot] = (uint8_t)++engine.places;
    }
    unsigned place = engine.place_of[slot] - 1u;
    if (engine.place_bytes[place] != bytes) {
        broken("an atomic object is used in two sizes");
    }
    return place;
}

// touch has a place begin with what memory holds.
static void touch(unsigned place) {
    struct sm_graph *graph = &engine.graph;
    while (graph->places <= place) {
        graph->write_count[graph->places++] = 0;
    }
    if (graph->write_count[place] == 0) {
        graph->initial[place] = load_memory(engine.objects[place], engine.place_bytes[place]);
        graph->writes[place][0] = SM_EVENT_INITIAL;
        graph->write_count[place] = 1;
    }
}

// replayed returns the running thread's next event where the graph has it: when all that it reads from has happened in
// this run too, since what is not atomic lies in memory. It returns NULL where the thread is to go beyond the graph.
static const struct sm_graph_event *replayed(const struct sm_graph_event *like) {
    unsigned thread = engine.running;
    if (engine.at[thread] == engine.graph.count[thread]) {
        while (!engine.extending) {
            yield();
        }
        if (engine.graph.count[thread] + 2 > SM_GRAPH_EVENTS ||
            (like->kind != SM_GRAPH_FENCE && engine.graph.write_count[like->place] == SM_GRAPH_WRITES_MAX)) {
            give_up();
        }
        return NULL;
    }
    const struct sm_graph_event *event = &engine.graph.events[thread][engine.at[thread]];
    if (event->kind != like->kind || event->modify != like->modify || event->operand != like->operand ||
        event->place != like->place) {
        broken("a run went otherwise than the one before it, where the same had been read");
    }
    while (event->kind == SM_GRAPH_READ && event->from != SM_EVENT_INITIAL &&
           engine.at[SM_EVENT_THREAD(event->from)] <= SM_EVENT_INDEX(event->from)) {
        yield();
    }
    return event;
}

// passed counts the events of an operation that is over.
static void passed(unsigned events) {
    engine.at[engine.running] = (uint8_t)(engine.at[engine.running] + events);
    engine.left -= engine.extending ? 0 : events;
}

// read_event does a load, or a read-modify-write. The event that it returns is good until the next operation.
static const struct sm_graph_event *read_event(struct sm_graph_event *like, const void *object) {
    like->kind = SM_GRAPH_READ;
    like->place = (uint8_t)place_of((void *)(uintptr_t)object, like->bytes);
    const struct sm_graph_event *event = replayed(like);
    if (event == NULL) {
        touch(like->place);
        engine.active = 0; // what follows is not the client's
        sm_extend_read(&engine.graph, engine.running, like, &engine.pending);
        engine.active = 1;
        event = &engine.graph.events[engine.running][engine.at[engine.running]];
    }
    check_race(object, like->bytes, event->writes ? SM_ACCESS_ATOMIC_WRITE : SM_ACCESS_ATOMIC_READ);
    passed(event->writes ? 2 : 1);
    return event;
}

uint64_t sm_explore_load(const void *object, unsigned bytes, enum sm_order order) {
    struct sm_graph_event like = {.bytes = (uint8_t)bytes, .order_done = (uint8_t)order};
    return read_event(&like, object)->value;
}

uint64_t sm_explore_modify(void *object, unsigned bytes, enum sm_modify modify, uint64_t operand, enum sm_order order) {
    struct sm_graph_event like = {
        .bytes = (uint8_t)bytes, .modify = (uint8_t)modify, .order_done = (uint8_t)order, .operand = operand};
    return read_event(&like, object)->value;
}

int sm_explore_compare_exchange(void *object, unsigned bytes, uint64_t *expected, uint64_t desired, enum sm_order order,
                                enum sm_order failure) {
    struct sm_graph_event like = {.bytes = (uint8_t)bytes,
                                  .modify = SM_MODIFY_COMPARE,
                                  .order_done = (uint8_t)order,
                                  .order_failed = (uint8_t)failure,
                                  .operand = desired,
                                  .expected = *expected};
    const struct sm_graph_event *event = read_event(&like, object);
    *expected = event->value;
    return event->writes;
}

void sm_explore_store(void *object, unsigned bytes, uint64_t value, enum sm_order order) {
    struct sm_graph_event like = {.kind = SM_GRAPH_WRITE,
                                  .bytes = (uint8_t)bytes,
                                  .order = (uint8_t)order,
                                  .value = bytes >= 8 ? value : value & ((UINT64_C(1) << (8 * bytes)) - 1),
                                  .operand = value};
    like.place = (uint8_t)place_of(object, bytes);
    if (replayed(&like) == NULL) {
        touch(like.place);
        engine.active = 0; // what follows is not the client's
        sm_extend_write(&engine.graph, engine.running, &like, &engine.pending);
        engine.active = 1;
    }
    check_race(object, bytes, SM_ACCESS_ATOMIC_WRITE);
    passed(1);
}

void sm_explore_fence(enum sm_order order) {
    struct sm_graph_event like = {.kind = SM_GRAPH_FENCE};
    if (replayed(&like) == NULL) {
        sm_graph_add_fence(&engine.graph, engine.running, order);
    }
    passed(1);
}

void sm_explore_access(const void *object, size_t bytes, int writes) {
    if (!sm_snapshot_is_local(object)) {
        check_race(object, bytes, writes ? SM_ACCESS_PLAIN_WRITE : SM_ACCESS_PLAIN_READ);
    }
}

// A lock that is held is waited for by reading so and stopping: the unlock, when it comes, is offered to that read.
void sm_explore_lock(void *object) {
    uint64_t expected = 0;
    if (!sm_explore_compare_exchange(object, 4, &expected, 1, SM_ORDER_ACQUIRE, SM_ORDER_RELAXED)) {
        engine.blocked[engine.running] = 1;
        for (;;) {
            yield();
        }
    }
}

void sm_explore_unlock(void *object) {
    sm_explore_store(object, 4, 0, SM_ORDER_RELEASE);
}

int sm_explore_running(void) {
    return engine.active;
}

unsigned sm_explore_thread(void) {
    return engine.running;
}

unsigned sm_explore_events(void) {
    unsigned events = 0;
    for (unsigned thread = 0; thread < engine.graph.threads; thread++) {
        events += engine.graph.count[thread];
    }
    return events;
}

void sm_explore_unsupported(const char *name) {
    char text[160];
    snprintf(text, sizeof text, "%s is not modelled", name);
    sm_explore_fault(text);
    broken(text);
}

void sm_explore_describe(char *text, size_t size) {
    sm_graph_describe(&engine.graph, text, size);
}

static void body(void) {
    engine.client->run(engine.client->context, engine.running);
    engine.done[engine.running] = 1;
    for (;;) {
        yield();
    }
}

static void resume(unsigned thread) {
    engine.running = thread;
    sm_snapshot_enter(thread);
    engine.active = 1;
    sm_fiber_switch(&engine.home, &engine.fibers[thread]);
    engine.active = 0;
    sm_snapshot_leave(thread);
}

// replay runs all threads to the end of the graph.
static void replay(void) {
    while (engine.left > 0 && !engine.given_up) {
        unsigned before = engine.left;
        for (unsigned thread = 0; thread < engine.client->threads; thread++) {
            if (engine.at[thread] < engine.graph.count[thread]) {
                resume(thread);
            }
        }
        if (engine.left == before) {
            broken("a run ended before the one that it repeats");
        }
    }
}

// settle gives memory the newest values, for the client to look at.
static void settle(void) {
    const struct sm_graph *graph = &engine.graph;
    for (unsigned place = 0; place < graph->places; place++) {
        unsigned count = graph->write_count[place];
        if (count > 1) {
            const struct sm_graph_event *newest = sm_event_at(graph, graph->writes[place][count - 1]);
            memcpy(engine.objects[place], &newest->value, newest->bytes);
        }
    }
}

// is_deadlock tells whether the threads that wait have read the newest word on what they wait for.
static int is_deadlock(void) {
    const struct sm_graph *graph = &engine.graph;
    for (unsigned thread = 0; thread < graph->threads; thread++) {
        if (!engine.blocked[thread]) {
            continue;
        }
        const struct sm_graph_event *read = &graph->events[thread][graph->count[thread] - 1];
        if (sm_position_of(graph, read->from) + 1 != graph->write_count[read->place]) {
            return 0;
        }
    }
    return 1;
}

// finish counts a run, and tells the client of a complete one.
static void finish(void) {
    struct sm_explore_result *result = engine.result;
    uint64_t events = sm_explore_events();
    int blocked = 0;
    for (unsigned thread = 0; thread < engine.client->threads; thread++) {
        blocked |= engine.blocked[thread];
    }
    result->events = events > result->events ? events : result->events;
    if (engine.given_up) {
        result->truncated++;
        return;
    }
    if (blocked) {
        result->blocked++;
        if (is_deadlock()) {
            sm_explore_fault("deadlock: each thread that is left waits for another");
        }
        return;
    }
    result->graphs++;
    settle();
    if (engine.client->end != NULL) {
        engine.client->end(engine.client->context);
    }
}

static void run_once(void) {
    engine.result->executions++;
    engine.left = 0;
    engine.extending = engine.given_up = 0;
    for (unsigned thread = 0; thread < engine.client->threads; thread++) {
        engine.at[thread] = engine.done[thread] = engine.blocked[thread] = 0;
        engine.left += engine.graph.count[thread];
        sm_fiber_start(&engine.fibers[thread], body);
    }
    sm_race_forget();
    engine.client->begin(engine.client->context);
    replay();
    engine.extending = 1;
    for (unsigned thread = 0; thread < engine.client->threads && !engine.given_up; thread++) {
        if (!engine.done[thread] && !engine.blocked[thread]) {
            resume(thread);
        }
    }
    finish();
}

int sm_explore_run(const struct sm_explore_client *client, struct sm_explore_result *out_result) {
    *out_result = (struct sm_explore_result){0};
    engine.client = client;
    engine.result = out_result;
    engine.places = 0;
    memset(engine.place_of, 0, sizeof engine.place_of);
    for (unsigned thread = 0; thread < client->threads; thread++) {
        if (engine.fibers[thread].memory == NULL && !sm_fiber_create(&engine.fibers[thread])) {
            return 0;
        }
    }
    sm_graph_begin(&engine.graph, client->threads);
    engine.graph.strong_seq_cst = client->strong_seq_cst != 0;
    do {
        if (sm_extend_halves(&engine.graph, &engine.pending)) {
            run_once();
        }
    } while (sm_pending_pop(&engine.pending, &engine.graph));
    out_result->pending_max = engine.pending.used_max;
    int complete = !engine.pending.out_of_memory;
    sm_pending_destroy(&engine.pending);
    return complete;
}
