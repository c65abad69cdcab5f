// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/explore.h"

#include <stdio.h>

#include "stress/explore/describe.h"
#include "stress/explore/run.h"
#include "stress/explore/seen.h"
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
        more |= thread->parked;
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

static void go_on(unsigned thread) {
    sm_explorer.threads[thread].parked = 0;
    resume(thread);
}

// parked_threads returns those that can go on, as bits.
static unsigned parked_threads(void) {
    unsigned parked = 0;
    for (unsigned i = 0; i < sm_explorer.client->threads && !sm_explorer.stopped; i++) {
        parked |= (unsigned)sm_explorer.threads[i].parked << i;
    }
    return parked;
}

// run_threads lets all threads repeat what the graph holds, and then go on to their ends: one after the other, or as it
// is drawn.
static enum ending run_threads(void) {
    repeat_threads();
    sm_explorer.growing = !sm_explorer.confirming;
    for (unsigned parked = parked_threads(); sm_explorer.growing && parked != 0; parked = parked_threads()) {
        go_on(sm_explorer.client->sample == NULL ? (unsigned)__builtin_ctz(parked)
                                                 : sm_sampler_choose(&sm_explorer.sampler, parked));
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
static enum ending run_once(void) {
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
        if (sm_explorer.client->seen != NULL) {
            sm_seen_add(sm_explorer.client->seen, sm_trace_hash(&sm_explorer.search.graph) ^ sm_explorer.client->salt);
        }
        if (sm_explorer.client->judge != NULL) {
            sm_explorer.client->judge(sm_explorer.client->context);
        }
        if (sm_explorer.client->repeats) {
            repeat_run();
        }
    }
    return sm_explorer.stopped ? STOPPED : ended;
}

static enum sm_explore_verdict conclude(enum sm_explore_verdict verdict, const char *reason) {
    snprintf(sm_explorer.result->reason, sizeof sm_explorer.result->reason, "%s", reason);
    return verdict;
}

static const char too_large[] = "an execution has more events, objects or writes than the explorer holds";
enum { PACE = 64 };

static const char no_memory[] = "no memory for the executions that wait";

// look_around is what is done now and then: asking whether to go on, and for help. Returns 0 where the search ends.
static int look_around(void) {
    const struct sm_explore_client *client = sm_explorer.client;
    struct sm_search *search = &sm_explorer.search;
    struct sm_crew **crew = &sm_explorer.crew;
    struct sm_explore_result total = *sm_explorer.result;
    if (*crew != NULL) {
        sm_crew_say(*crew, &total);
        sm_crew_hear(*crew, &total);
        if (sm_crew_is_first(*crew) && !sm_crew_watch(*crew)) {
            return 0;
        }
    }
    if (client->goes_on != NULL && !client->goes_on(client->context, &total)) {
        sm_explorer.result->verdict =
            conclude(SM_EXPLORE_TRUNCATED, "there are more executions than there was time for");
        return 0;
    }
    if (client->jobs <= 1 || search->pending.count < 2 || (*crew != NULL && !sm_crew_is_first(*crew))) {
        return 1;
    }
    if (*crew == NULL) {
        *crew = sm_crew_create();
    }
    if (*crew != NULL && sm_crew_size(*crew) < client->jobs &&
        (client->hires == NULL || client->hires(client->context)) && sm_crew_fork(*crew, search) == 1) {
        *sm_explorer.result = (struct sm_explore_result){.verdict = SM_EXPLORE_COMPLETE};
        return sm_crew_next(*crew, search);
    }
    return 1;
}

// next returns to a graph that is kept, here or in another process.
static int next(void) {
    struct sm_crew *crew = sm_explorer.crew;
    if (crew != NULL && !sm_crew_share(crew, &sm_explorer.search)) {
        return 0;
    }
    return sm_search_next(&sm_explorer.search) || (crew != NULL && sm_crew_next(crew, &sm_explorer.search));
}

// explore_all runs the client along each graph.
static enum sm_explore_verdict explore_all(void) {
    struct sm_explore_result *result = sm_explorer.result;
    unsigned pace = sm_explorer.client->pace == 0 ? PACE : sm_explorer.client->pace;
    result->verdict = SM_EXPLORE_COMPLETE;
    do {
        result->fraction = sm_explorer.search.done;
        if (result->executions % pace == pace - 1 && !look_around()) {
            return result->verdict;
        }
        run_once();
        if (sm_explorer.stopped) {
            return result->verdict;
        }
    } while (!sm_explorer.search.out_of_memory && next());
    if (sm_explorer.search.out_of_memory) {
        return conclude(SM_EXPLORE_OUT_OF_MEMORY, no_memory);
    }
    return result->truncated == 0 ? SM_EXPLORE_COMPLETE : conclude(SM_EXPLORE_TRUNCATED, too_large);
}

// gather ends the crew, of which this process may be one that ends here, and adds up what it came to.
static void gather(void) {
    struct sm_crew *crew = sm_explorer.crew;
    struct sm_explore_result *result = sm_explorer.result;
    const struct sm_explore_client *client = sm_explorer.client;
    if (result->verdict != SM_EXPLORE_COMPLETE) {
        sm_crew_stop(crew);
    }
    if (!sm_crew_is_first(crew)) {
        if (result->verdict == SM_EXPLORE_COMPLETE || result->verdict == SM_EXPLORE_TRUNCATED) {
            sm_crew_leave(crew, result);
        }
        return;
    }
    if (!sm_crew_join(crew, result)) {
        result->verdict = conclude(SM_EXPLORE_ELSEWHERE, "another process that explored has ended");
    }
    if (client->fires != NULL) {
        client->fires(client->context, sm_crew_size(crew) - 1);
    }
    sm_crew_destroy(crew);
}

// ------------------------------------------------------------------------------------------------------------------
// Executions that are drawn

enum { RUNS_MAX = 256 }; // to bring one to its end

// closed returns what is left of a view without what depends on what it does not have.
static sm_view closed(const struct sm_graph *graph, sm_view view) {
    for (unsigned thread = 0; thread < graph->thread_count;) {
        uint16_t kept = 0;
        while (kept < view[thread] && sm_view_equal(sm_view_join(graph->events[thread][kept].porf, view), view)) {
            kept++;
        }
        unsigned next = kept == view[thread] ? thread + 1 : 0; // else others may depend on what was left out
        view[thread] = kept;
        thread = next;
    }
    return view;
}

// take_back makes the graph what it was before threads began to wait for what has been written since: they will read
// that. Returns 0 where memory is out.
static int take_back(void) {
    struct sm_search *search = &sm_explorer.search;
    sm_view keep = search->graph.lengths;
    for (unsigned i = 0; i < search->graph.thread_count; i++) {
        struct sm_run_thread *thread = &sm_explorer.threads[i];
        if (thread->waiting && can_go_on(i)) {
            keep[i] = (uint16_t)thread->loop;
            thread->late = 1;
        }
    }
    sm_graph_cut(&search->graph, closed(&search->graph, keep), &search->revised);
    return sm_pending_push(&search->pending, &search->revised, (struct sm_event_id){SM_EVENT_INITIAL, 0}) &&
           sm_search_next(search);
}

// confirm repeats a run that stopped with a fault, in the order in which its trace will be replayed: what is told then
// is what a replay tells.
static void confirm(void) {
    struct sm_explore_result drawn = *sm_explorer.result;
    sm_explorer.stopped = 0;
    sm_explorer.confirming = 1;
    run_once();
    sm_explorer.confirming = 0;
    if (!sm_explorer.stopped) {
        *sm_explorer.result = drawn;
        sm_explorer.stopped = 1;
    }
}

// draw_one draws an execution. Returns 0 where the exploration has ended, with the verdict in the result.
static int draw_one(void) {
    struct sm_search *search = &sm_explorer.search;
    sm_graph_clear(&search->graph, sm_explorer.client->threads);
    sm_sampler_draw(&sm_explorer.sampler, sm_explorer.client->threads);
    for (unsigned i = 0; i < sm_explorer.client->threads; i++) {
        sm_explorer.threads[i].late = 0;
    }
    enum ending ended = run_once();
    for (unsigned runs = 1; ended == BLOCKED && runs < RUNS_MAX; runs++) {
        if (!take_back()) {
            sm_explorer.result->verdict = conclude(SM_EXPLORE_OUT_OF_MEMORY, no_memory);
            return 0;
        }
        ended = run_once();
    }
    if (ended == STOPPED && sm_explorer.result->verdict == SM_EXPLORE_FAULT) {
        confirm();
    }
    return !sm_explorer.stopped;
}

static enum sm_explore_verdict explore_sample(void) {
    const struct sm_explore_client *client = sm_explorer.client;
    struct sm_explore_result *result = sm_explorer.result;
    sm_sampler_begin(&sm_explorer.sampler, client->sample);
    for (; result->drawn < client->sample->executions; result->drawn++) {
        result->fraction = (double)result->drawn / (double)client->sample->executions;
        if (client->goes_on != NULL && result->drawn % 256 == 255 && !client->goes_on(client->context, result)) {
            break;
        }
        if (!draw_one()) {
            return result->verdict;
        }
    }
    return result->truncated == 0 ? SM_EXPLORE_SAMPLED : conclude(SM_EXPLORE_TRUNCATED, too_large);
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
    if (sm_search_begin(&sm_explorer.search, client->threads, client->sc, client->spurious_max, client->assumes_weak)) {
        out_result->verdict = client->sample == NULL ? explore_all() : explore_sample();
    }
    if (client->sample == NULL) {
        out_result->fraction = sm_explorer.search.done;
    }
    out_result->bytes_peak = sm_explorer.search.pending.size_peak;
    if (sm_explorer.crew != NULL) {
        gather();
        sm_explorer.crew = NULL;
    }
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

int sm_explore_assumed_weak(void) {
    const struct sm_graph *graph = &sm_explorer.search.graph;
    for (unsigned thread = 0; thread < graph->thread_count; thread++) {
        for (unsigned i = 0; i < graph->lengths[thread]; i++) {
            const struct sm_graph_event *event = &graph->events[thread][i];
            if (event->spurious && event->access.kind != SM_ACCESS_COMPARE_EXCHANGE_WEAK) {
                return 1;
            }
        }
    }
    return 0;
}

int sm_explore_waits(unsigned thread) {
    return sm_explorer.threads[thread].waiting;
}

uint64_t sm_explore_hash(void) {
    return sm_trace_hash(&sm_explorer.search.graph);
}

void sm_explore_trace(unsigned mode, char *text, size_t size) {
    const struct sm_graph *graph = &sm_explorer.search.graph;
    sm_trace_write(graph, sm_explorer.client->sample == NULL ? sm_explorer.repeated : graph->lengths, mode, text, size);
}
