// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/explore.h"

#include <stdio.h>

#include "stress/explore/describe.h"
#include "stress/explore/run.h"
#include "stress/explore/snapshot.h"
#include "stress/explore/trace.h"

static void start(unsigned number) {
    struct sm_run_thread *thread = &sm_explorer.threads[number];
    thread->executed = thread->steady = 0;
    thread->parked = thread->finished = thread->waiting = thread->cut = 0;
    thread->state_begin = NULL;
    sm_fiber_start(&thread->fiber, sm_run_thread_main);
}

static void resume(unsigned thread) {
    sm_explorer.current = thread;
    sm_snapshot_enter(thread);
    sm_fiber_switch(&sm_explorer.driver, &sm_explorer.threads[thread].fiber);
}

static void run_alone(void (*function)(void *context)) {
    if (function != NULL && !sm_explorer.stopped) {
        sm_explorer.threads[SM_RUN_ALONE].alone = function;
        start(SM_RUN_ALONE);
        resume(SM_RUN_ALONE);
    }
}

// How the threads of a run have ended.
enum ending { FINISHED, STOPPED, CUT, BLOCKED, DEADLOCKED };

// can_go_on tells whether there is a write that teaches a waiting thread more than what it has read in its loop.
static int can_go_on(unsigned thread) {
    const struct sm_graph *graph = &sm_explorer.search.graph;
    for (unsigned i = sm_explorer.threads[thread].loop; i < graph->lengths[thread]; i++) {
        const struct sm_graph_event *event = &graph->events[thread][i];
        if (!event->reads) {
            continue;
        }
        const struct sm_graph_location *location = &graph->locations[event->location];
        for (unsigned at = sm_graph_position(graph, event->source) + 1; at < location->count; at++) {
            if (sm_run_learns(event, sm_graph_look(graph, location->order[at]))) {
                return 1;
            }
        }
    }
    return 0;
}

static enum ending ending(void) {
    enum ending ending = FINISHED;
    int more = 0, cut = 0;
    for (unsigned i = 0; i < sm_explorer.client->threads; i++) {
        const struct sm_run_thread *thread = &sm_explorer.threads[i];
        cut |= thread->cut;
        if (thread->waiting) {
            ending = DEADLOCKED;
            more |= can_go_on(i);
        }
    }
    return sm_explorer.stopped ? STOPPED : cut ? CUT : more ? BLOCKED : ending;
}

// repeat_threads lets all threads repeat what the graph holds.
static void repeat_threads(void) {
    unsigned count = sm_explorer.client->threads;
    for (unsigned i = 0; i < count; i++) {
        start(i);
    }
    sm_explorer.growing = 0;
    for (unsigned i = 0; i < count; i++) {
        const struct sm_run_thread *thread = &sm_explorer.threads[i];
        while (!thread->parked && !thread->finished && !thread->waiting && !sm_explorer.stopped) {
            resume(i);
        }
    }
}

// run_threads lets all threads repeat what the graph holds, and then each in turn go on to its end.
static enum ending run_threads(void) {
    repeat_threads();
    sm_explorer.growing = 1;
    for (unsigned i = 0; i < sm_explorer.client->threads; i++) {
        if (sm_explorer.threads[i].parked && !sm_explorer.stopped) {
            resume(i);
        }
    }
    return ending();
}

static void tell_deadlock(void *context) {
    (void)context;
    unsigned thread = 0;
    while (!sm_explorer.threads[thread].waiting) {
        thread++;
    }
    sm_explore_stop(SM_EXPLORE_FAULT, "deadlock: thread %u waits for ever", thread);
}

static void tell_unrepeated(void *context) {
    (void)context;
    unsigned thread = 0;
    while (sm_explorer.threads[thread].finished) {
        thread++;
    }
    sm_explore_stop(SM_EXPLORE_NONDETERMINISTIC, "thread %u did more than in an earlier run after %u accesses", thread,
                    sm_explorer.threads[thread].executed);
}

// repeat_run runs the client along a graph that is complete.
static void repeat_run(void) {
    sm_snapshot_restore();
    sm_explorer.running = 1;
    run_alone(sm_explorer.client->begin);
    int finished = 1;
    if (!sm_explorer.stopped) {
        repeat_threads();
    }
    for (unsigned i = 0; i < sm_explorer.client->threads; i++) {
        finished &= sm_explorer.threads[i].finished;
    }
    if (!finished) {
        run_alone(tell_unrepeated);
    }
    sm_explorer.running = 0;
}

// run_once runs the client along the graph, and then on to the end.
static void run_once(void) {
    sm_snapshot_restore();
    sm_explorer.repeated =
        sm_explorer.client->trace == NULL ? sm_explorer.search.graph.lengths : sm_explorer.client->trace->repeated;
    sm_explorer.running = 1;
    sm_explorer.result->executions++;
    run_alone(sm_explorer.client->begin);
    enum ending ended = sm_explorer.stopped ? STOPPED : run_threads();
    unsigned events = sm_explore_events();
    sm_explorer.result->events = events > sm_explorer.result->events ? events : sm_explorer.result->events;
    if (ended == FINISHED) {
        run_alone(sm_explorer.client->end);
    } else if (ended == DEADLOCKED) {
        run_alone(tell_deadlock);
    }
    sm_explorer.running = 0;
    sm_explorer.result->blocked += ended == BLOCKED;
    sm_explorer.result->truncated += ended == CUT;
    if (ended == FINISHED && !sm_explorer.stopped) {
        sm_explorer.result->graphs++;
        if (sm_explorer.client->judge != NULL) {
            sm_explorer.client->judge(sm_explorer.client->context);
        }
        if (sm_explorer.client->repeats) {
            repeat_run();
        }
    }
}

static enum sm_explore_verdict conclude(enum sm_explore_verdict verdict, const char *reason) {
    snprintf(sm_explorer.result->reason, sizeof sm_explorer.result->reason, "%s", reason);
    return verdict;
}

static enum sm_explore_verdict explore(void) {
    const struct sm_explore_client *client = sm_explorer.client;
    do {
        sm_explorer.result->fraction = sm_explorer.search.done;
        if (client->goes_on != NULL && sm_explorer.result->executions % 1024 == 1023 &&
            !client->goes_on(client->context, sm_explorer.result)) {
            return conclude(SM_EXPLORE_TRUNCATED, "there are more executions than there was time for");
        }
        run_once();
        if (sm_explorer.stopped) {
            return sm_explorer.result->verdict;
        }
        if (sm_explorer.search.out_of_memory) {
            return conclude(SM_EXPLORE_OUT_OF_MEMORY, "no memory for the executions that wait");
        }
    } while (sm_search_next(&sm_explorer.search));
    return sm_explorer.result->truncated == 0
               ? SM_EXPLORE_COMPLETE
               : conclude(SM_EXPLORE_TRUNCATED,
                          "an execution has more events, objects or writes than the explorer holds");
}

enum sm_explore_verdict sm_explore_run(const struct sm_explore_client *client, struct sm_explore_result *out_result) {
    *out_result = (struct sm_explore_result){.verdict = SM_EXPLORE_OUT_OF_MEMORY};
    sm_explorer.client = client;
    sm_explorer.result = out_result;
    sm_explorer.stopped = 0;
    for (unsigned i = 0; i < SM_RUN_FIBERS; i++) {
        if (sm_explorer.threads[i].fiber.memory == NULL && !sm_fiber_create(&sm_explorer.threads[i].fiber)) {
            return out_result->verdict;
        }
    }
    if (sm_search_begin(&sm_explorer.search, client->threads, client->sc, client->spurious_max)) {
        out_result->verdict = explore();
    }
    out_result->fraction = sm_explorer.search.done;
    out_result->bytes_peak = sm_explorer.search.pending.size_peak;
    sm_search_end(&sm_explorer.search);
    return out_result->verdict;
}

void sm_explore_quit(void) {
    sm_explorer.running = 0;
}

unsigned sm_explore_events(void) {
    unsigned events = 0;
    for (unsigned thread = 0; thread < sm_explorer.search.graph.thread_count; thread++) {
        events += sm_explorer.search.graph.lengths[thread];
    }
    return events;
}

int sm_explore_saw_atomics(void) {
    int saw = sm_explore_events() > 0;
    for (unsigned i = 0; i < sm_explorer.client->threads; i++) {
        saw |= sm_explorer.threads[i].parked;
    }
    return saw;
}

void sm_explore_describe(char *text, size_t size) {
    sm_graph_describe(&sm_explorer.search.graph, text, size);
}

void sm_explore_describe_json(char *text, size_t size) {
    sm_graph_describe_json(&sm_explorer.search.graph, text, size);
}

uint64_t sm_explore_hash(void) {
    return sm_trace_hash(&sm_explorer.search.graph);
}

void sm_explore_trace(unsigned mode, char *text, size_t size) {
    sm_trace_write(&sm_explorer.search.graph, sm_explorer.repeated, mode, text, size);
}
