// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/explore.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress/explore/describe.h"
#include "stress/explore/fiber.h"
#include "stress/explore/search.h"
#include "stress/explore/snapshot.h"
#include "stress/explore/trace.h"

enum { ALONE = SM_EXPLORE_THREADS_MAX, FIBERS };

// thread is one of the client's in the current run, or what runs alone before and after them.
struct thread {
    struct sm_fiber fiber;
    void (*alone)(void *context); // of ALONE
    unsigned executed;            // events of the graph that it has come past
    int parked;                   // at an access that the graph does not have
    int finished;
    int waiting;                            // for one of its last accesses, from `loop` on, to read something else
    int cut;                                // at an access that the graph has no room for
    unsigned loop;                          // an event
    unsigned steady;                        // from this event on it has changed nothing
    const void *state_begin;                // of the state at its next access; NULL where it has not been told
    uint64_t states[SM_EXPLORE_EVENTS_MAX]; // at each access; 0: not known
};

static struct {
    const struct sm_explore_client *client;
    struct sm_explore_result *result;
    struct sm_fiber driver;
    struct thread threads[FIBERS];
    unsigned current;
    int running;
    int growing;      // all threads have repeated what the graph holds
    int stopped;      // with result->verdict
    sm_view repeated; // how many of each thread's events the run repeats
    struct sm_search search;
} explorer;

// ------------------------------------------------------------------------------------------------------------------
// In a fiber of a run

int sm_explore_is_running(void) {
    return explorer.running;
}

int sm_explore_is_thread(void) {
    return explorer.running && explorer.current != ALONE;
}

unsigned sm_explore_thread(void) {
    return explorer.current;
}

const char *sm_explore_name(void) {
    static char name[16];
    if (explorer.current == ALONE) {
        return "what runs alone";
    }
    snprintf(name, sizeof name, "thread %u", explorer.current);
    return name;
}

unsigned sm_explore_now(void) {
    return explorer.threads[explorer.current].executed;
}

sm_view sm_explore_seen(void) {
    unsigned now = sm_explore_now();
    return now == 0 ? (sm_view){0} : explorer.search.graph.events[explorer.current][now - 1].hb;
}

static void switch_to(unsigned thread) {
    const struct sm_fiber *to = &explorer.threads[thread].fiber;
    struct sm_fiber *from = &explorer.threads[explorer.current].fiber;
    sm_snapshot_leave(explorer.current);
    explorer.current = thread;
    sm_snapshot_enter(thread);
    sm_fiber_switch(from, to);
}

static void yield(void) {
    sm_snapshot_leave(explorer.current);
    sm_fiber_switch(&explorer.threads[explorer.current].fiber, &explorer.driver);
}

_Noreturn void sm_explore_stop(enum sm_explore_verdict verdict, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(explorer.result->reason, sizeof explorer.result->reason, format, arguments);
    va_end(arguments);
    explorer.result->verdict = verdict;
    explorer.stopped = 1;
    for (;;) {
        yield(); // nobody resumes it
    }
}

static _Noreturn void stop_unrepeatable(void) {
    sm_explore_stop(SM_EXPLORE_NONDETERMINISTIC, "thread %u did otherwise than in an earlier run after %u accesses",
                    explorer.current, sm_explore_now());
}

static _Noreturn void stop_different(const char *how) {
    sm_explore_stop(SM_EXPLORE_DIFFERENT, "event %u of thread %u differs: %s", sm_explore_now() + 1, explorer.current,
                    how);
}

static void thread_main(void) {
    struct thread *self = &explorer.threads[explorer.current];
    if (explorer.current == ALONE) {
        self->alone(explorer.client->context);
    } else {
        explorer.client->run(explorer.client->context, explorer.current);
        if (self->executed < explorer.search.graph.lengths[explorer.current]) {
            stop_unrepeatable();
        }
        if (explorer.client->trace != NULL && self->executed < explorer.client->trace->lengths[explorer.current]) {
            stop_different("the thread has ended");
        }
    }
    self->finished = 1;
    for (;;) {
        yield();
    }
}

static int is_same(const struct sm_access *left, const struct sm_access *right) {
    return left->address == right->address && left->kind == right->kind && left->operand == right->operand &&
           left->expected == right->expected && left->size == right->size && left->order == right->order &&
           left->failure == right->failure;
}

// repeat_access waits until the source of the thread's next event has been executed: what was published with it is in
// memory then. No wait is circular, as po and rf have no cycle.
static void repeat_access(struct thread *self, const struct sm_graph_event *event, const struct sm_access *access) {
    if (!is_same(&event->access, access)) {
        stop_unrepeatable();
    }
    if (event->reads && event->source.thread != SM_EVENT_INITIAL) {
        const struct thread *source = &explorer.threads[event->source.thread];
        while (source->executed <= event->source.index) {
            if (source->finished || source->waiting) {
                stop_unrepeatable();
            }
            switch_to(event->source.thread);
        }
    }
    self->executed++;
}

static void await_growth(struct thread *self) {
    while (!explorer.growing) {
        self->parked = 1;
        yield();
    }
}

static _Noreturn void cut(struct thread *self) {
    self->cut = 1;
    for (;;) {
        yield();
    }
}

static void grow(struct thread *self, const struct sm_access *access, uint64_t initial) {
    await_growth(self);
    explorer.running = 0; // the memory that this takes is not the run's
    int extended = sm_search_extend(&explorer.search, explorer.current, access, initial);
    explorer.running = 1;
    if (!extended) {
        cut(self);
    }
    self->executed++;
}

static int is_before_in_trace(struct sm_event_id one, struct sm_event_id other) {
    const struct sm_trace *trace = explorer.client->trace;
    return trace->events[one.thread][one.index].position < trace->events[other.thread][other.index].position;
}

// follow does what the trace says, in the order in which the run did it that it is of.
static void follow(struct thread *self, const struct sm_access *access, uint64_t initial) {
    const struct sm_trace *trace = explorer.client->trace;
    struct sm_event_id id = {(uint16_t)explorer.current, (uint16_t)self->executed};
    const struct sm_trace_event *told = &trace->events[id.thread][id.index];
    if (id.index >= trace->repeated[id.thread]) {
        await_growth(self);
    }
    if (id.thread >= trace->thread_count || id.index >= trace->lengths[id.thread]) {
        stop_different("there is none");
    }
    const struct thread *source = &explorer.threads[told->source.thread == SM_EVENT_INITIAL ? 0 : told->source.thread];
    while (told->source.thread != SM_EVENT_INITIAL && source->executed <= told->source.index) {
        if (source->finished || source->waiting || source->parked) {
            stop_different("what it reads has not been written");
        }
        switch_to(told->source.thread);
    }
    if (!sm_search_follow(&explorer.search.graph, id.thread, access, initial, told->source, told->spurious,
                          is_before_in_trace)) {
        cut(self);
    }
    if (sm_trace_check(&explorer.search.graph, id) != told->check) {
        char text[128];
        sm_graph_describe_event(&explorer.search.graph, id, text, sizeof text);
        stop_different(text);
    }
    self->executed++;
}

static _Noreturn void wait_in_loop(struct thread *self, unsigned loop) {
    self->loop = loop;
    self->waiting = 1;
    for (;;) {
        yield();
    }
}

_Noreturn void sm_explore_wait(void) {
    struct thread *self = &explorer.threads[explorer.current];
    if (self->executed < explorer.search.graph.lengths[explorer.current]) {
        stop_unrepeatable();
    }
    wait_in_loop(self, self->executed - 1);
}

int sm_explore_is_on_stack(uintptr_t address) {
    return address - (uintptr_t)explorer.threads[explorer.current].fiber.memory < SM_FIBER_STACK_BYTES;
}

void sm_explore_state(const void *begin) {
    explorer.threads[explorer.current].state_begin = begin;
}

// state_of returns a hash of the state that a thread has told; 0 where it has not.
static uint64_t state_of(const struct thread *self) {
    const unsigned char *at = self->state_begin, *end = self->fiber.memory + SM_FIBER_STACK_BYTES;
    uint64_t hash = 1, word;
    if (at == NULL || !sm_explore_is_on_stack((uintptr_t)at)) {
        return 0;
    }
    for (; (size_t)(end - at) >= sizeof word; at += sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return hash | 1;
}

void sm_explore_changed(void) {
    struct thread *self = &explorer.threads[explorer.current];
    self->steady = self->executed;
}

// learns tells whether a thread would know more than after `event` where it read a write: another value, or what
// happens before the write.
static int learns(const struct sm_graph_event *event, const struct sm_graph_event *write) {
    sm_view known = sm_view_join(event->acquired, event->hb);
    return event->read != write->written || !sm_view_equal(sm_view_join(known, write->message), known);
}

// is_again tells whether a thread knows as much after `event` as after an earlier one of the same access.
static int is_again(const struct sm_graph_event *event, const struct sm_graph_event *earlier, unsigned thread) {
    sm_view hb = earlier->hb, acquired = earlier->acquired;
    hb[thread] = event->hb[thread];
    acquired[thread] = event->acquired[thread];
    return is_same(&event->access, &earlier->access) && event->read == earlier->read &&
           event->spurious == earlier->spurious && sm_view_equal(event->hb, hb) &&
           sm_view_equal(event->acquired, acquired);
}

// notice_loop makes a thread wait that goes round in a loop. A read-modify-write that writes what it has read changes
// nothing. The state is looked at where a thread comes again; so a loop is noticed when it comes for the third time.
static void notice_loop(struct thread *self, const struct sm_graph_event *event) {
    const struct sm_graph *graph = &explorer.search.graph;
    unsigned thread = explorer.current, index = self->executed - 1, loop = 0; // none
    self->states[index] = 0;
    if (event->spurious || (event->writes && !(event->reads && event->read == event->written))) {
        self->steady = self->executed; // what fails spuriously need not do so again
    }
    for (unsigned earlier = index; event->reads && earlier-- > self->steady;) {
        if (!is_again(event, &graph->events[thread][earlier], thread)) {
            continue;
        }
        if (self->states[index] == 0) {
            self->states[index] = state_of(self);
        }
        if (self->states[index] != 0 && self->states[earlier] == self->states[index]) {
            loop = earlier + 1;
            break;
        }
    }
    self->state_begin = NULL;
    if (loop != 0 && self->executed == graph->lengths[thread]) { // else the graph says that it went on
        wait_in_loop(self, loop);
    }
}

uint64_t sm_explore_access(const struct sm_access *access, uint64_t initial, int *out_wrote) {
    struct thread *self = &explorer.threads[explorer.current];
    const struct sm_graph *graph = &explorer.search.graph;
    const struct sm_graph_event *event = &graph->events[explorer.current][self->executed];
    if (self->executed < graph->lengths[explorer.current]) {
        repeat_access(self, event, access);
    } else if (explorer.client->trace != NULL) {
        follow(self, access, initial);
    } else {
        grow(self, access, initial);
    }
    notice_loop(self, event);
    if (out_wrote != NULL) {
        *out_wrote = event->writes;
    }
    return event->read;
}

uint64_t sm_explore_last(uintptr_t address, uint64_t initial) {
    const struct sm_graph *graph = &explorer.search.graph;
    for (unsigned number = 0; number < graph->location_count; number++) {
        const struct sm_graph_location *location = &graph->locations[number];
        if (location->address != address) {
            continue;
        }
        for (unsigned position = location->count - 1u; position > 0; position--) {
            struct sm_event_id write = location->order[position];
            if (write.index < explorer.threads[write.thread].executed) {
                return sm_graph_look(graph, write)->written;
            }
        }
    }
    return initial;
}

int sm_explore_was_accessed(uintptr_t address, size_t size) {
    const struct sm_graph *graph = &explorer.search.graph;
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        for (unsigned i = 0; i < explorer.threads[thread].executed; i++) {
            const struct sm_access *access = &graph->events[thread][i].access;
            if (access->address < address + size && address < access->address + access->size) {
                return 1;
            }
        }
    }
    return 0;
}

// ------------------------------------------------------------------------------------------------------------------
// In the driver

static void start(unsigned number) {
    struct thread *thread = &explorer.threads[number];
    thread->executed = thread->steady = 0;
    thread->parked = thread->finished = thread->waiting = thread->cut = 0;
    thread->state_begin = NULL;
    sm_fiber_start(&thread->fiber, thread_main);
}

static void resume(unsigned thread) {
    explorer.current = thread;
    sm_snapshot_enter(thread);
    sm_fiber_switch(&explorer.driver, &explorer.threads[thread].fiber);
}

static void run_alone(void (*function)(void *context)) {
    if (function != NULL && !explorer.stopped) {
        explorer.threads[ALONE].alone = function;
        start(ALONE);
        resume(ALONE);
    }
}

// How the threads of a run have ended.
enum ending { FINISHED, STOPPED, CUT, BLOCKED, DEADLOCKED };

// can_go_on tells whether there is a write that teaches a waiting thread more than what it has read in its loop.
static int can_go_on(unsigned thread) {
    const struct sm_graph *graph = &explorer.search.graph;
    for (unsigned i = explorer.threads[thread].loop; i < graph->lengths[thread]; i++) {
        const struct sm_graph_event *event = &graph->events[thread][i];
        if (!event->reads) {
            continue;
        }
        const struct sm_graph_location *location = &graph->locations[event->location];
        for (unsigned at = sm_graph_position(graph, event->source) + 1; at < location->count; at++) {
            if (learns(event, sm_graph_look(graph, location->order[at]))) {
                return 1;
            }
        }
    }
    return 0;
}

static enum ending ending(void) {
    enum ending ending = FINISHED;
    int more = 0, cut = 0;
    for (unsigned i = 0; i < explorer.client->threads; i++) {
        const struct thread *thread = &explorer.threads[i];
        cut |= thread->cut;
        if (thread->waiting) {
            ending = DEADLOCKED;
            more |= can_go_on(i);
        }
    }
    return explorer.stopped ? STOPPED : cut ? CUT : more ? BLOCKED : ending;
}

// repeat_threads lets all threads repeat what the graph holds.
static void repeat_threads(void) {
    unsigned count = explorer.client->threads;
    for (unsigned i = 0; i < count; i++) {
        start(i);
    }
    explorer.growing = 0;
    for (unsigned i = 0; i < count; i++) {
        const struct thread *thread = &explorer.threads[i];
        while (!thread->parked && !thread->finished && !thread->waiting && !explorer.stopped) {
            resume(i);
        }
    }
}

// run_threads lets all threads repeat what the graph holds, and then each in turn go on to its end.
static enum ending run_threads(void) {
    repeat_threads();
    explorer.growing = 1;
    for (unsigned i = 0; i < explorer.client->threads; i++) {
        if (explorer.threads[i].parked && !explorer.stopped) {
            resume(i);
        }
    }
    return ending();
}

static void tell_deadlock(void *context) {
    (void)context;
    unsigned thread = 0;
    while (!explorer.threads[thread].waiting) {
        thread++;
    }
    sm_explore_stop(SM_EXPLORE_FAULT, "deadlock: thread %u waits for ever", thread);
}

static void tell_unrepeated(void *context) {
    (void)context;
    unsigned thread = 0;
    while (explorer.threads[thread].finished) {
        thread++;
    }
    sm_explore_stop(SM_EXPLORE_NONDETERMINISTIC, "thread %u did more than in an earlier run after %u accesses", thread,
                    explorer.threads[thread].executed);
}

// repeat_run runs the client along a graph that is complete.
static void repeat_run(void) {
    sm_snapshot_restore();
    explorer.running = 1;
    run_alone(explorer.client->begin);
    int finished = 1;
    if (!explorer.stopped) {
        repeat_threads();
    }
    for (unsigned i = 0; i < explorer.client->threads; i++) {
        finished &= explorer.threads[i].finished;
    }
    if (!finished) {
        run_alone(tell_unrepeated);
    }
    explorer.running = 0;
}

// run_once runs the client along the graph, and then on to the end.
static void run_once(void) {
    sm_snapshot_restore();
    explorer.repeated =
        explorer.client->trace == NULL ? explorer.search.graph.lengths : explorer.client->trace->repeated;
    explorer.running = 1;
    explorer.result->executions++;
    run_alone(explorer.client->begin);
    enum ending ended = explorer.stopped ? STOPPED : run_threads();
    unsigned events = sm_explore_events();
    explorer.result->events = events > explorer.result->events ? events : explorer.result->events;
    if (ended == FINISHED) {
        run_alone(explorer.client->end);
    } else if (ended == DEADLOCKED) {
        run_alone(tell_deadlock);
    }
    explorer.running = 0;
    explorer.result->blocked += ended == BLOCKED;
    explorer.result->truncated += ended == CUT;
    if (ended == FINISHED && !explorer.stopped) {
        explorer.result->graphs++;
        if (explorer.client->judge != NULL) {
            explorer.client->judge(explorer.client->context);
        }
        if (explorer.client->repeats) {
            repeat_run();
        }
    }
}

static enum sm_explore_verdict conclude(enum sm_explore_verdict verdict, const char *reason) {
    snprintf(explorer.result->reason, sizeof explorer.result->reason, "%s", reason);
    return verdict;
}

static enum sm_explore_verdict explore(void) {
    const struct sm_explore_client *client = explorer.client;
    do {
        explorer.result->fraction = explorer.search.done;
        if (client->goes_on != NULL && explorer.result->executions % 1024 == 1023 &&
            !client->goes_on(client->context, explorer.result)) {
            return conclude(SM_EXPLORE_TRUNCATED, "there are more executions than there was time for");
        }
        run_once();
        if (explorer.stopped) {
            return explorer.result->verdict;
        }
        if (explorer.search.out_of_memory) {
            return conclude(SM_EXPLORE_OUT_OF_MEMORY, "no memory for the executions that wait");
        }
    } while (sm_search_next(&explorer.search));
    return explorer.result->truncated == 0
               ? SM_EXPLORE_COMPLETE
               : conclude(SM_EXPLORE_TRUNCATED,
                          "an execution has more events, objects or writes than the explorer holds");
}

enum sm_explore_verdict sm_explore_run(const struct sm_explore_client *client, struct sm_explore_result *out_result) {
    *out_result = (struct sm_explore_result){.verdict = SM_EXPLORE_OUT_OF_MEMORY};
    explorer.client = client;
    explorer.result = out_result;
    explorer.stopped = 0;
    for (unsigned i = 0; i < FIBERS; i++) {
        if (explorer.threads[i].fiber.memory == NULL && !sm_fiber_create(&explorer.threads[i].fiber)) {
            return out_result->verdict;
        }
    }
    if (sm_search_begin(&explorer.search, client->threads, client->sc, client->spurious_max)) {
        out_result->verdict = explore();
    }
    out_result->fraction = explorer.search.done;
    out_result->bytes_peak = explorer.search.pending.size_peak;
    sm_search_end(&explorer.search);
    return out_result->verdict;
}

void sm_explore_quit(void) {
    explorer.running = 0;
}

unsigned sm_explore_events(void) {
    unsigned events = 0;
    for (unsigned thread = 0; thread < explorer.search.graph.thread_count; thread++) {
        events += explorer.search.graph.lengths[thread];
    }
    return events;
}

int sm_explore_saw_atomics(void) {
    int saw = sm_explore_events() > 0;
    for (unsigned i = 0; i < explorer.client->threads; i++) {
        saw |= explorer.threads[i].parked;
    }
    return saw;
}

void sm_explore_describe(char *text, size_t size) {
    sm_graph_describe(&explorer.search.graph, text, size);
}

void sm_explore_describe_json(char *text, size_t size) {
    sm_graph_describe_json(&explorer.search.graph, text, size);
}

int sm_explore_waits(unsigned thread) {
    return explorer.threads[thread].waiting;
}

uint64_t sm_explore_hash(void) {
    return sm_trace_hash(&explorer.search.graph);
}

void sm_explore_trace(unsigned mode, char *text, size_t size) {
    sm_trace_write(&explorer.search.graph, explorer.repeated, mode, text, size);
}
