// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "stress/explore/sample.h"

#include "conformance/harness/random.h"

enum { SPURIOUS_PERCENT = 10 }; // of the weak compare-exchanges that may fail spuriously

static unsigned draw_below(struct sm_sampler *sampler, unsigned bound) {
    return (unsigned)(sm_random(&sampler->random) % bound);
}

static int draw_percent(struct sm_sampler *sampler, unsigned percent) {
    return draw_below(sampler, 100) < percent;
}

void sm_sampler_begin(struct sm_sampler *sampler, const struct sm_sample *sample) {
    *sampler = (struct sm_sampler){.sample = sample, .random = sample->seed, .steps_max = 1};
}

void sm_sampler_draw(struct sm_sampler *sampler, unsigned thread_count) {
    unsigned changes = sampler->sample->changes;
    sampler->begun++;
    sampler->steps_max = sampler->steps > sampler->steps_max ? sampler->steps : sampler->steps_max;
    sampler->steps = 0;
    for (unsigned thread = 0; thread < thread_count; thread++) { // a permutation of `changes` and what follows it
        unsigned other = draw_below(sampler, thread + 1);
        sampler->priorities[thread] = sampler->priorities[other];
        sampler->priorities[other] = changes + thread;
    }
    for (unsigned i = 0; i < changes; i++) {
        sampler->changes[i] = 1 + draw_below(sampler, sampler->steps_max);
    }
}

static unsigned choose_any(struct sm_sampler *sampler, unsigned ready) {
    unsigned count = (unsigned)__builtin_popcount(ready);
    for (unsigned skip = draw_below(sampler, count); skip > 0; skip--) {
        ready &= ready - 1;
    }
    return (unsigned)__builtin_ctz(ready);
}

static unsigned choose_highest(struct sm_sampler *sampler, unsigned ready) {
    unsigned highest = (unsigned)__builtin_ctz(ready);
    for (unsigned thread = highest + 1; thread < SM_EXPLORE_THREADS_MAX; thread++) {
        if ((ready >> thread & 1) != 0 && sampler->priorities[thread] > sampler->priorities[highest]) {
            highest = thread;
        }
    }
    for (unsigned i = 0; i < sampler->sample->changes; i++) {
        if (sampler->changes[i] == sampler->steps) {
            sampler->priorities[highest] = sampler->sample->changes - 1 - i; // below all, and below earlier changes
        }
    }
    return highest;
}

unsigned sm_sampler_choose(struct sm_sampler *sampler, unsigned ready) {
    sampler->steps++;
    if (sampler->begun == 1) {
        return (unsigned)__builtin_ctz(ready);
    }
    return sampler->sample->way == SM_SAMPLE_PCT ? choose_highest(sampler, ready) : choose_any(sampler, ready);
}

// draw_position returns one of the positions from `first` to `last`, for an access that may have each.
static unsigned draw_position(struct sm_sampler *sampler, unsigned first, unsigned last, int only_last) {
    if (only_last || sampler->sample->way == SM_SAMPLE_PCT || !draw_percent(sampler, sampler->sample->older)) {
        return last;
    }
    return first + draw_below(sampler, last - first + 1);
}

// extend_store places a write. Where it may not have the place that was drawn, it has the next that it may.
static void extend_store(struct sm_sampler *sampler, struct sm_search *search, struct sm_event_id id, unsigned floor,
                         int only_last) {
    struct sm_graph *graph = &search->graph;
    const struct sm_graph_location *location = &graph->locations[sm_graph_at(graph, id)->location];
    unsigned last = location->count;
    sm_graph_settle(graph, id);
    for (unsigned position = draw_position(sampler, floor + 1, last, only_last);; position++) {
        if (position < last && sm_graph_updates(graph, location, position)) {
            continue;
        }
        sm_graph_place(graph, id, position);
        if (position == last || sm_consistency_sc(graph, search->sc)) {
            return;
        }
        sm_graph_displace(graph, id);
    }
}

// extend_read lets a read take a write. Where it may not take the one that was drawn, it takes the next that it may.
static void extend_read(struct sm_sampler *sampler, struct sm_search *search, struct sm_event_id id, unsigned floor,
                        int only_last) {
    struct sm_graph *graph = &search->graph;
    struct sm_graph_event *event = sm_graph_at(graph, id);
    const struct sm_graph_location *location = &graph->locations[event->location];
    unsigned last = location->count - 1u;
    event->spurious = !only_last && sm_search_may_fail(search, graph, event) && draw_percent(sampler, SPURIOUS_PERCENT);
    for (unsigned position = draw_position(sampler, floor, last, only_last);; position++) {
        event->source = location->order[position];
        sm_graph_settle(graph, id);
        if (event->spurious && event->read != event->access.expected) {
            event->spurious = 0; // it fails in any case
        }
        if (event->writes && position < last && sm_graph_updates(graph, location, position + 1)) {
            continue;
        }
        if (event->writes) {
            sm_graph_place(graph, id, position + 1);
        }
        if (position == last || sm_consistency_sc(graph, search->sc)) {
            return;
        }
        if (event->writes) {
            sm_graph_displace(graph, id);
        }
    }
}

int sm_sampler_extend(struct sm_sampler *sampler, struct sm_search *search, unsigned thread,
                      const struct sm_access *access, uint64_t initial, int last) {
    struct sm_graph *graph = &search->graph;
    unsigned length = graph->lengths[thread];
    struct sm_event_id id;
    if (!sm_graph_append(graph, thread, access, initial, &id)) {
        return 0;
    }
    if (access->kind == SM_ACCESS_FENCE) {
        sm_graph_settle(graph, id);
        return 1;
    }
    sm_view before = length == 0 ? (sm_view){0} : graph->events[thread][length - 1].hb;
    unsigned floor = sm_consistency_floor(graph, sm_graph_at(graph, id)->location, before);
    last |= sampler->begun == 1;
    if (sm_access_reads(access)) {
        extend_read(sampler, search, id, floor, last);
    } else {
        extend_store(sampler, search, id, floor, last);
    }
    return 1;
}
