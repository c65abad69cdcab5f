// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/run.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "stress/explore/describe.h"
#include "stress/explore/snapshot.h"
#include "stress/explore/trace.h"

struct sm_explorer sm_explorer;

int sm_explore_is_running(void) {
    return sm_explorer.running;
}

int sm_explore_is_thread(void) {
    return sm_explorer.running && sm_explorer.current != SM_RUN_ALONE;
}

unsigned sm_explore_thread(void) {
    return sm_explorer.current;
}

const char *sm_explore_name(void) {
    static char name[16];
    if (sm_explorer.current == SM_RUN_ALONE) {
        return "what runs alone";
    }
    snprintf(name, sizeof name, "thread %u", sm_explorer.current);
    return name;
}

unsigned sm_explore_now(void) {
    return sm_explorer.threads[sm_explorer.current].executed;
}

sm_view sm_explore_seen(void) {
    unsigned now = sm_explore_now();
    return now == 0 ? (sm_view){0} : sm_explorer.search.graph.events[sm_explorer.current][now - 1].hb;
}

static void switch_to(unsigned thread) {
    const struct sm_fiber *to = &sm_explorer.threads[thread].fiber;
    struct sm_fiber *from = &sm_explorer.threads[sm_explorer.current].fiber;
    sm_snapshot_leave(sm_explorer.current);
    sm_explorer.current = thread;
    sm_snapshot_enter(thread);
    sm_fiber_switch(from, to);
}

static void yield(void) {
    sm_snapshot_leave(sm_explorer.current);
    sm_fiber_switch(&sm_explorer.threads[sm_explorer.current].fiber, &sm_explorer.driver);
}

_Noreturn void sm_explore_stop(enum sm_explore_verdict verdict, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sm_explorer.result->reason, sizeof sm_explorer.result->reason, format, arguments);
    va_end(arguments);
    sm_explorer.result->verdict = verdict;
    sm_explorer.stopped = 1;
    for (;;) {
        yield(); // nobody resumes it
    }
}

static _Noreturn void stop_unrepeatable(void) {
    sm_explore_stop(SM_EXPLORE_NONDETERMINISTIC, "thread %u did otherwise than in an earlier run after %u accesses",
                    sm_explorer.current, sm_explore_now());
}

static _Noreturn void stop_different(const char *how) {
    sm_explore_stop(SM_EXPLORE_DIFFERENT, "event %u of thread %u differs: %s", sm_explore_now() + 1,
                    sm_explorer.current, how);
}

void sm_run_thread_main(void) {
    struct sm_run_thread *self = &sm_explorer.threads[sm_explorer.current];
    if (sm_explorer.current == SM_RUN_ALONE) {
        self->alone(sm_explorer.client->context);
    } else {
        sm_explorer.client->run(sm_explorer.client->context, sm_explorer.current);
        if (self->executed < sm_explorer.search.graph.lengths[sm_explorer.current]) {
            stop_unrepeatable();
        }
        if (sm_explorer.client->trace != NULL &&
            self->executed < sm_explorer.client->trace->lengths[sm_explorer.current]) {
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
static void repeat_access(struct sm_run_thread *self, const struct sm_graph_event *event,
                          const struct sm_access *access) {
    if (!is_same(&event->access, access)) {
        stop_unrepeatable();
    }
    if (event->reads && event->source.thread != SM_EVENT_INITIAL) {
        const struct sm_run_thread *source = &sm_explorer.threads[event->source.thread];
        while (source->executed <= event->source.index) {
            if (source->finished || source->waiting) {
                stop_unrepeatable();
            }
            switch_to(event->source.thread);
        }
    }
    self->executed++;
}

// await_growth waits until all threads have repeated what the graph holds, and where executions are drawn, until it is
// this thread's turn.
static void await_growth(struct sm_run_thread *self) {
    for (int drawn = sm_explorer.client->sample != NULL; drawn || !sm_explorer.growing; drawn = 0) {
        self->parked = 1;
        yield();
    }
}

static _Noreturn void cut(struct sm_run_thread *self) {
    self->cut = 1;
    for (;;) {
        yield();
    }
}

static void grow(struct sm_run_thread *self, const struct sm_access *access, uint64_t initial) {
    await_growth(self);
    sm_explorer.running = 0; // the memory that this takes is not the run's
    unsigned thread = sm_explorer.current;
    int extended = sm_explorer.client->sample == NULL ? sm_search_extend(&sm_explorer.search, thread, access, initial)
                                                      : sm_sampler_extend(&sm_explorer.sampler, &sm_explorer.search,
                                                                          thread, access, initial, self->late);
    sm_explorer.running = 1;
    if (!extended) {
        cut(self);
    }
    self->executed++;
}

static int is_before_in_trace(struct sm_event_id one, struct sm_event_id other) {
    const struct sm_trace *trace = sm_explorer.client->trace;
    return trace->events[one.thread][one.index].position < trace->events[other.thread][other.index].position;
}

// follow does what the trace says, in the order in which the run did it that it is of.
static void follow(struct sm_run_thread *self, const struct sm_access *access, uint64_t initial) {
    const struct sm_trace *trace = sm_explorer.client->trace;
    struct sm_event_id id = {(uint16_t)sm_explorer.current, (uint16_t)self->executed};
    const struct sm_trace_event *told = &trace->events[id.thread][id.index];
    if (id.index >= trace->repeated[id.thread]) {
        await_growth(self);
    }
    if (id.thread >= trace->thread_count || id.index >= trace->lengths[id.thread]) {
        stop_different("there is none");
    }
    const struct sm_run_thread *source =
        &sm_explorer.threads[told->source.thread == SM_EVENT_INITIAL ? 0 : told->source.thread];
    while (told->source.thread != SM_EVENT_INITIAL && source->executed <= told->source.index) {
        if (source->finished || source->waiting || source->parked) {
            stop_different("what it reads has not been written");
        }
        switch_to(told->source.thread);
    }
    if (!sm_search_follow(&sm_explorer.search.graph, id.thread, access, initial, told->source, told->spurious,
                          is_before_in_trace)) {
        cut(self);
    }
    if (sm_trace_check(&sm_explorer.search.graph, id) != told->check) {
        char text[128];
        sm_graph_describe_event(&sm_explorer.search.graph, id, text, sizeof text);
        stop_different(text);
    }
    self->executed++;
}

static _Noreturn void wait_in_loop(struct sm_run_thread *self, unsigned loop) {
    self->loop = loop;
    self->waiting = 1;
    for (;;) {
        yield();
    }
}

_Noreturn void sm_explore_wait(void) {
    struct sm_run_thread *self = &sm_explorer.threads[sm_explorer.current];
    if (self->executed < sm_explorer.search.graph.lengths[sm_explorer.current]) {
        stop_unrepeatable();
    }
    wait_in_loop(self, self->executed - 1);
}

int sm_explore_is_on_stack(uintptr_t address) {
    return address - (uintptr_t)sm_explorer.threads[sm_explorer.current].fiber.memory < SM_FIBER_STACK_BYTES;
}

void sm_explore_state(const void *begin) {
    sm_explorer.threads[sm_explorer.current].state_begin = begin;
}

// state_of returns a hash of the state that a thread has told; 0 where it has not.
static uint64_t state_of(const struct sm_run_thread *self) {
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
    struct sm_run_thread *self = &sm_explorer.threads[sm_explorer.current];
    self->steady = self->executed;
}

int sm_run_learns(const struct sm_graph_event *event, const struct sm_graph_event *write) {
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
static void notice_loop(struct sm_run_thread *self, const struct sm_graph_event *event) {
    const struct sm_graph *graph = &sm_explorer.search.graph;
    unsigned thread = sm_explorer.current, index = self->executed - 1, loop = 0; // none
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
    struct sm_run_thread *self = &sm_explorer.threads[sm_explorer.current];
    const struct sm_graph *graph = &sm_explorer.search.graph;
    const struct sm_graph_event *event = &graph->events[sm_explorer.current][self->executed];
    if (self->executed < graph->lengths[sm_explorer.current]) {
        repeat_access(self, event, access);
    } else if (sm_explorer.client->trace != NULL) {
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
    const struct sm_graph *graph = &sm_explorer.search.graph;
    for (unsigned number = 0; number < graph->location_count; number++) {
        const struct sm_graph_location *location = &graph->locations[number];
        if (location->address != address) {
            continue;
        }
        for (unsigned position = location->count - 1u; position > 0; position--) {
            struct sm_event_id write = location->order[position];
            if (write.index < sm_explorer.threads[write.thread].executed) {
                return sm_graph_look(graph, write)->written;
            }
        }
    }
    return initial;
}

int sm_explore_was_accessed(uintptr_t address, size_t size) {
    const struct sm_graph *graph = &sm_explorer.search.graph;
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        for (unsigned i = 0; i < sm_explorer.threads[thread].executed; i++) {
            const struct sm_access *access = &graph->events[thread][i].access;
            if (access->address < address + size && address < access->address + access->size) {
                return 1;
            }
        }
    }
    return 0;
}
