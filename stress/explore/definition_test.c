// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The explorer against the definition of RC11: for small random programs, every graph there is is built, in the
// plainest way, and counts if it satisfies the axioms as they stand in the paper, as relations between events. A
// read-modify-write is two events here, and nothing is known by clocks.
//
//   definition_test [SEED [PROGRAMS]]
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/random.h"
#include "stress/explore/listing.h"

enum { LOCATIONS = 2, THREADS = 3, EVENTS_MAX = 8, NODES_MAX = 2 * EVENTS_MAX + LOCATIONS, INITIAL = -1 };

static _Noreturn void give_up(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(2);
}

// ------------------------------------------------------------------------------------------------------------------
// Relations: row i has bit j where i is before j

struct relation {
    uint32_t rows[NODES_MAX];
};

static unsigned node_count;

static struct relation either(struct relation left, struct relation right) {
    for (unsigned i = 0; i < node_count; i++) {
        left.rows[i] |= right.rows[i];
    }
    return left;
}

static struct relation then(struct relation left, struct relation right) {
    struct relation result = {{0}};
    for (unsigned i = 0; i < node_count; i++) {
        for (unsigned j = 0; j < node_count; j++) {
            result.rows[i] |= left.rows[i] >> j & 1 ? right.rows[j] : 0;
        }
    }
    return result;
}

static struct relation repeated(struct relation relation) {
    for (unsigned k = 0; k < node_count; k++) {
        for (unsigned i = 0; i < node_count; i++) {
            relation.rows[i] |= relation.rows[i] >> k & 1 ? relation.rows[k] : 0;
        }
    }
    return relation;
}

static struct relation inverse(struct relation relation) {
    struct relation result = {{0}};
    for (unsigned i = 0; i < node_count; i++) {
        for (unsigned j = 0; j < node_count; j++) {
            result.rows[j] |= (relation.rows[i] >> j & 1) << i;
        }
    }
    return result;
}

static int is_irreflexive(struct relation relation) {
    uint32_t loops = 0;
    for (unsigned i = 0; i < node_count; i++) {
        loops |= relation.rows[i] >> i & 1;
    }
    return loops == 0;
}

// ------------------------------------------------------------------------------------------------------------------
// Graphs

// event is one of a graph that is being built. Sources and orders name events by their number in it.
struct event {
    unsigned thread, index, location;
    int reads, writes, spurious;
    uint8_t order;
    int source;
    uint64_t read, written;
};

struct graph {
    struct event events[EVENTS_MAX];
    unsigned count, lengths[THREADS];
    int orders[LOCATIONS][EVENTS_MAX]; // co, without the initial value
    unsigned writes[LOCATIONS];
    unsigned spurious;
};

// node is an event, or one half of a read-modify-write, or an initial value.
struct node {
    int event; // INITIAL for an initial value
    char kind; // 'R', 'W', 'F'
    unsigned location, place;
};

static struct node nodes[NODES_MAX];
static const struct graph *looked_at;

static const struct event *event_of(unsigned node) {
    return nodes[node].event == INITIAL ? NULL : &looked_at->events[nodes[node].event];
}

typedef int holds(unsigned left, unsigned right);

static struct relation where(holds *condition) {
    struct relation result = {{0}};
    for (unsigned i = 0; i < node_count; i++) {
        for (unsigned j = 0; j < node_count; j++) {
            result.rows[i] |= (uint32_t)condition(i, j) << j;
        }
    }
    return result;
}

static int is_po(unsigned i, unsigned j) {
    const struct event *left = event_of(i), *right = event_of(j);
    if (left == NULL || right == NULL) {
        return left == NULL && right != NULL;
    }
    return left->thread == right->thread && (left->index < right->index || (left == right && i < j));
}

static int is_same_location(unsigned i, unsigned j) {
    return nodes[i].kind != 'F' && nodes[j].kind != 'F' && nodes[i].location == nodes[j].location;
}

static int is_rf(unsigned i, unsigned j) {
    return nodes[i].kind == 'W' && nodes[j].kind == 'R' && is_same_location(i, j) &&
           event_of(j)->source == nodes[i].event;
}

static int is_mo(unsigned i, unsigned j) {
    return nodes[i].kind == 'W' && nodes[j].kind == 'W' && is_same_location(i, j) && nodes[i].place < nodes[j].place;
}

static int is_rmw(unsigned i, unsigned j) {
    return nodes[i].kind == 'R' && nodes[j].kind == 'W' && nodes[i].event == nodes[j].event;
}

static int is_po_away(unsigned i, unsigned j) {
    return is_po(i, j) && !is_same_location(i, j);
}

static int is_identity(unsigned i, unsigned j) {
    return i == j;
}

static int is_write(unsigned i, unsigned j) {
    return i == j && nodes[i].kind == 'W';
}

static int is_fence(unsigned i, unsigned j) {
    return i == j && nodes[i].kind == 'F';
}

static int releases(unsigned i, unsigned j) {
    return i == j && nodes[i].kind != 'R' && event_of(i) != NULL && event_of(i)->order & SM_ORDER_RELEASE;
}

static int acquires(unsigned i, unsigned j) {
    return i == j && nodes[i].kind != 'W' && event_of(i) != NULL && event_of(i)->order & SM_ORDER_ACQUIRE;
}

static int is_sc(unsigned i, unsigned j) {
    return i == j && event_of(i) != NULL && event_of(i)->order == SM_ORDER_SEQ_CST;
}

static int is_sc_fence(unsigned i, unsigned j) {
    return is_fence(i, j) && is_sc(i, j);
}

static struct relation within(struct relation relation, holds *condition) {
    struct relation mask = where(condition);
    for (unsigned i = 0; i < node_count; i++) {
        relation.rows[i] &= mask.rows[i];
    }
    return relation;
}

static void add_node(int event, char kind, unsigned location, unsigned place) {
    nodes[node_count++] = (struct node){event, kind, location, place};
}

static void list_nodes(const struct graph *graph) {
    looked_at = graph;
    node_count = 0;
    for (unsigned location = 0; location < LOCATIONS; location++) {
        add_node(INITIAL, 'W', location, 0);
    }
    for (unsigned i = 0; i < graph->count; i++) {
        const struct event *event = &graph->events[i];
        if (event->reads) {
            add_node((int)i, 'R', event->location, 0);
        }
        for (unsigned place = 0; event->writes && place < graph->writes[event->location]; place++) {
            if (graph->orders[event->location][place] == (int)i) {
                add_node((int)i, 'W', event->location, place + 1);
            }
        }
        if (!event->reads && !event->writes) {
            add_node((int)i, 'F', 0, 0);
        }
    }
}

// is_rc11 tells whether a graph is consistent. po and rf have no cycle, as each read was added after its source.
static int is_rc11(const struct graph *graph) {
    list_nodes(graph);
    struct relation id = where(is_identity), po = where(is_po), rf = where(is_rf), mo = where(is_mo);
    struct relation rmw = where(is_rmw), fence = where(is_fence), sc = where(is_sc), sc_fence = where(is_sc_fence);
    struct relation fr = then(inverse(rf), mo);
    struct relation eco = repeated(either(rf, either(mo, fr)));
    struct relation sequence = then(where(is_write), either(id, repeated(then(rf, rmw))));
    struct relation synchronizes = then(then(where(releases), either(id, then(fence, po))),
                                        then(then(sequence, rf), then(either(id, then(po, fence)), where(acquires))));
    struct relation hb = repeated(either(po, synchronizes)), hb_or_same = either(id, hb);
    struct relation away = where(is_po_away);
    struct relation scb =
        either(either(po, then(away, then(hb, away))), either(within(hb, is_same_location), either(mo, fr)));
    struct relation psc =
        then(then(either(sc, then(sc_fence, hb_or_same)), scb), either(sc, then(hb_or_same, sc_fence)));
    psc = either(psc, then(then(sc_fence, either(hb, then(hb, then(eco, hb)))), sc_fence));
    return is_irreflexive(hb) && is_irreflexive(then(hb, eco)) && is_irreflexive(then(then(fr, mo), inverse(rmw))) &&
           is_irreflexive(repeated(psc));
}

// ------------------------------------------------------------------------------------------------------------------
// All graphs of a program

// seen is the set of graphs, complete or not, that have been built. Its keys have no more than KEY bytes.
enum { KEY = 3 * EVENTS_MAX + THREADS + 1, SEEN_MAX = 1 << 20 };

static unsigned char (*seen)[KEY];
static size_t seen_count;

static unsigned char name_of(const struct graph *graph, int event) {
    return event == INITIAL
               ? 1
               : (unsigned char)(2 + graph->events[event].thread * EVENTS_MAX + graph->events[event].index);
}

// is_new adds a graph to those that have been built. The order in which its events were added makes no difference.
static int is_new(const struct graph *graph) {
    unsigned char key[KEY] = {1};
    unsigned size = 1;
    for (unsigned thread = 0; thread < THREADS; thread++) {
        key[size++] = (unsigned char)graph->lengths[thread];
    }
    for (unsigned i = 0; i < graph->count; i++) {
        const struct event *event = &graph->events[i];
        unsigned before = event->index;
        for (unsigned thread = 0; thread < event->thread; thread++) {
            before += graph->lengths[thread];
        }
        key[size + 2 * before] = event->reads ? name_of(graph, event->source) : 0;
        key[size + 2 * before + 1] = (unsigned char)event->spurious;
    }
    size += 2 * EVENTS_MAX;
    for (unsigned location = 0; location < LOCATIONS; location++) {
        for (unsigned place = 0; place < graph->writes[location]; place++) {
            key[size++] = name_of(graph, graph->orders[location][place]);
        }
    }
    uint64_t hash = 0;
    for (unsigned i = 0; i < KEY; i++) {
        hash ^= key[i];
        sm_random(&hash);
    }
    size_t index = (size_t)(sm_random(&hash) % SEEN_MAX);
    while (seen[index][0] != 0 && memcmp(seen[index], key, KEY) != 0) {
        index = (index + 1) % SEEN_MAX;
    }
    if (seen[index][0] != 0) {
        return 0;
    }
    if (++seen_count > SEEN_MAX / 2) {
        give_up("too many graphs");
    }
    memcpy(seen[index], key, KEY);
    return 1;
}

static uint64_t count_from(const struct sm_listing *listing, const struct graph *graph);

// count_placed counts the graphs in which the last event, a write, has any place in the order of its location.
static uint64_t count_placed(const struct sm_listing *listing, const struct graph *graph) {
    const struct event *event = &graph->events[graph->count - 1];
    uint64_t count = 0;
    for (unsigned place = 0; place <= graph->writes[event->location]; place++) {
        struct graph next = *graph;
        int *order = next.orders[event->location];
        memmove(&order[place + 1], &order[place], (next.writes[event->location]++ - place) * sizeof *order);
        order[place] = (int)graph->count - 1;
        count += count_from(listing, &next);
    }
    return count;
}

// count_read counts the graphs in which the next event, a read, has the source.
static uint64_t count_read(const struct sm_listing *listing, const struct graph *graph, const struct sm_access *access,
                           int source, int spurious) {
    struct graph next = *graph;
    struct event *event = &next.events[next.count - 1];
    event->source = source;
    event->read = source == INITIAL ? 0 : next.events[source].written;
    event->writes = access->kind != SM_ACCESS_LOAD;
    if (sm_access_compares(access)) {
        if (spurious && event->read != access->expected) {
            return 0;
        }
        event->spurious = spurious;
        next.spurious += spurious != 0;
        if (spurious || event->read != access->expected) {
            event->writes = 0;
            event->order = access->failure;
        }
    }
    event->written = event->writes ? sm_access_written(access, event->read) : 0;
    return event->writes ? count_placed(listing, &next) : count_from(listing, &next);
}

// count_next counts the graphs in which the next event is a thread's.
static uint64_t count_next(const struct sm_listing *listing, const struct graph *graph, unsigned thread) {
    const struct sm_access *access = &listing->threads[thread][graph->lengths[thread]].access;
    struct graph next = *graph;
    struct event *event = &next.events[next.count++];
    *event = (struct event){.thread = thread,
                            .index = next.lengths[thread]++,
                            .location = access->kind == SM_ACCESS_FENCE ? 0 : (unsigned)(access->address - 'x'),
                            .reads = sm_access_reads(access),
                            .writes = access->kind == SM_ACCESS_STORE,
                            .order = access->order};
    if (event->writes) {
        event->written = access->operand;
        return count_placed(listing, &next);
    }
    if (!event->reads) {
        return count_from(listing, &next);
    }
    uint64_t count = 0;
    for (int source = INITIAL; source < (int)graph->count; source++) {
        if (source == INITIAL || (graph->events[source].writes && graph->events[source].location == event->location)) {
            count += count_read(listing, &next, access, source, 0);
            if (access->kind == SM_ACCESS_COMPARE_EXCHANGE_WEAK && graph->spurious == 0) {
                count += count_read(listing, &next, access, source, 1);
            }
        }
    }
    return count;
}

// count_from counts the consistent graphs that a graph grows into and that have not been built before. What is
// inconsistent grows into nothing consistent.
static uint64_t count_from(const struct sm_listing *listing, const struct graph *graph) {
    if (!is_new(graph) || !is_rc11(graph)) {
        return 0;
    }
    uint64_t count = 0;
    int complete = 1;
    for (unsigned thread = 0; thread < listing->thread_count; thread++) {
        if (graph->lengths[thread] < listing->lengths[thread]) {
            complete = 0;
            count += count_next(listing, graph, thread);
        }
    }
    return complete ? 1 : count;
}

// ------------------------------------------------------------------------------------------------------------------

// order_from draws an order out of those that have no bits but `allowed`. Every second one is seq_cst.
static uint8_t order_from(uint64_t *random, unsigned allowed) {
    return sm_random(random) % 2 ? SM_ORDER_SEQ_CST : (uint8_t)(sm_random(random) & allowed);
}

static struct sm_access draw_access(uint64_t *random) {
    static const enum sm_access_kind kinds[] = {
        SM_ACCESS_LOAD,      SM_ACCESS_LOAD,     SM_ACCESS_STORE,
        SM_ACCESS_STORE,     SM_ACCESS_EXCHANGE, SM_ACCESS_COMPARE_EXCHANGE,
        SM_ACCESS_FETCH_ADD, SM_ACCESS_FENCE,    SM_ACCESS_COMPARE_EXCHANGE_WEAK};
    struct sm_access access = {.kind = (uint8_t)kinds[sm_random(random) % (sizeof kinds / sizeof kinds[0])],
                               .address = 'x' + sm_random(random) % LOCATIONS,
                               .size = sizeof(int),
                               .operand = 1 + sm_random(random) % 3,
                               .expected = sm_random(random) % 3};
    access.order = order_from(random, access.kind == SM_ACCESS_LOAD    ? SM_ORDER_ACQUIRE
                                      : access.kind == SM_ACCESS_STORE ? SM_ORDER_RELEASE
                                                                       : SM_ORDER_ACQ_REL);
    access.failure = order_from(random, SM_ORDER_ACQUIRE);
    return access;
}

static void draw_listing(uint64_t *random, struct sm_listing *out) {
    *out = (struct sm_listing){.thread_count = 2 + (unsigned)(sm_random(random) % 2)};
    for (unsigned left = 5 + (unsigned)(sm_random(random) % 4); left > 0; left--) {
        unsigned thread = (unsigned)(sm_random(random) % out->thread_count);
        out->threads[thread][out->lengths[thread]++].access = draw_access(random);
    }
}

int main(int argc, char **argv) {
    uint64_t random = argc > 1 ? strtoull(argv[1], NULL, 10) : 1, graphs = 0;
    unsigned long programs = argc > 2 ? strtoul(argv[2], NULL, 10) : 300, different = 0;
    seen = malloc(SEEN_MAX * sizeof *seen);
    if (seen == NULL) {
        give_up("out of memory");
    }
    for (unsigned long program = 0; program < programs; program++) {
        struct sm_listing listing;
        draw_listing(&random, &listing);
        memset(seen, 0, SEEN_MAX * sizeof *seen);
        seen_count = 0;
        struct graph empty = {.count = 0};
        uint64_t expected = count_from(&listing, &empty);
        const struct sm_listing_options options = {.spurious_max = 1};
        struct sm_explore_result result;
        if (sm_listing_explore(&listing, &options, &result) != SM_EXPLORE_COMPLETE || result.graphs != expected) {
            printf("program %lu: %llu graphs, said to be %g of all; by the definition %llu\n", program,
                   (unsigned long long)result.graphs, result.fraction, (unsigned long long)expected);
            different++;
        }
        graphs += expected;
    }
    printf("%lu programs, %lu differences, %llu graphs\n", programs, different, (unsigned long long)graphs);
    free(seen);
    return different != 0;
}
