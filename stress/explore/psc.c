// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// RC11's condition on seq_cst (Lahav et al., PLDI 2017, section 4), over sets of events as bits:
//
//     scb      = sb | (sb to another place) ; hb ; (sb to another place) | hb on one place | co | fr
//     psc_base = ([Esc] | [Fsc] ; hb?) ; scb ; ([Esc] | hb? ; [Fsc])
//     psc_F    = [Fsc] ; (hb | hb ; eco ; hb) ; [Fsc]
//     psc_base | psc_F has no cycle
//
// The strong condition adds to scb rf, and sb ; hb ; sb whatever the places, with the halves of a read-modify-write in
// sb. With it, and not without, the counts of the oracle in testdata/ are met: 2 of its 400 programs with seq_cst tell
// the difference. It forbids Z6.U, which RC11 was made to allow: so it is for the oracle alone.
#include "stress/explore/graph.h"

#include <string.h>

enum { EVENTS_MAX = SM_GRAPH_THREADS * SM_GRAPH_EVENTS, WORDS_MAX = (EVENTS_MAX + 63) / 64 };

typedef uint64_t set[WORDS_MAX];

// What follows is asked once for each addition to a graph with seq_cst in it: it stands in static memory, and only the
// words in use are touched.
static struct {
    unsigned count, words;
    unsigned first[SM_GRAPH_THREADS]; // number of each thread's first event
    const struct sm_graph_event *events[EVENTS_MAX];
    uint8_t thread[EVENTS_MAX];
    set hb[EVENTS_MAX];  // what an event happens-before
    set eco[EVENTS_MAX]; // and what is after it in extended coherence order
    set scb[EVENTS_MAX];
    set psc[EVENTS_MAX]; // of seq_cst events alone
} relation;

static void put(set s, unsigned i) {
    s[i / 64] |= UINT64_C(1) << (i % 64);
}
static int has(const set s, unsigned i) {
    return s[i / 64] >> (i % 64) & 1;
}
static void join(set s, const set other) {
    for (unsigned i = 0; i < relation.words; i++) {
        s[i] |= other[i];
    }
}
static void clear(set s) {
    memset(s, 0, relation.words * sizeof s[0]);
}

static int is_fence(unsigned i) {
    return relation.events[i]->kind == SM_GRAPH_FENCE;
}
static int is_seq_cst(unsigned i) {
    return relation.events[i]->order == SM_ORDER_SEQ_CST;
}
static int same_place(unsigned i, unsigned j) {
    return !is_fence(i) && !is_fence(j) && relation.events[i]->place == relation.events[j]->place;
}

static void number_events(const struct sm_graph *graph) {
    relation.count = 0;
    for (unsigned thread = 0; thread < graph->threads; thread++) {
        relation.first[thread] = relation.count;
        for (unsigned i = 0; i < graph->count[thread]; i++) {
            relation.thread[relation.count] = (uint8_t)thread;
            relation.events[relation.count++] = &graph->events[thread][i];
        }
    }
    relation.words = (relation.count + 63) / 64;
    for (unsigned i = 0; i < relation.count; i++) {
        clear(relation.hb[i]);
        clear(relation.eco[i]);
        clear(relation.scb[i]);
        clear(relation.psc[i]);
    }
}

static void relate_happens_before(const struct sm_graph *graph) {
    for (unsigned j = 0; j < relation.count; j++) {
        for (unsigned thread = 0; thread < graph->threads; thread++) {
            for (unsigned i = 0; i < relation.events[j]->before.of[thread]; i++) {
                if (relation.first[thread] + i != j) {
                    put(relation.hb[relation.first[thread] + i], j);
                }
            }
        }
    }
}

// Extended coherence goes by position: a write's own, and for a read that of its write and a half. co and fr
// alone lie in scb too.
static void relate_coherence(const struct sm_graph *graph) {
    for (unsigned i = 0; i < relation.count; i++) {
        if (is_fence(i)) {
            continue;
        }
        const struct sm_graph_event *one = relation.events[i];
        int reads = one->kind == SM_GRAPH_READ;
        unsigned at = reads ? sm_position_of(graph, one->from) : one->position;
        for (unsigned j = 0; j < relation.count; j++) {
            const struct sm_graph_event *other = relation.events[j];
            if (i == j || !same_place(i, j)) {
                continue;
            }
            if (other->kind == SM_GRAPH_WRITE && other->position > at) { // co or fr
                put(relation.eco[i], j);
                put(relation.scb[i], j);
            } else if (other->kind == SM_GRAPH_READ) {
                unsigned from = sm_position_of(graph, other->from);
                if (from == at && !reads) { // rf
                    put(relation.eco[i], j);
                    if (graph->strong_seq_cst) {
                        put(relation.scb[i], j);
                    }
                } else if (from > at) { // co;rf or fr;rf
                    put(relation.eco[i], j);
                }
            }
        }
    }
}

static void relate_scb(int strong) {
    for (unsigned i = 0; i < relation.count; i++) {
        unsigned end = i + 1;
        while (end < relation.count && relation.thread[end] == relation.thread[i]) {
            put(relation.scb[i], end++);
        }
        for (unsigned j = 0; j < relation.count; j++) {
            if (has(relation.hb[i], j) && same_place(i, j)) {
                put(relation.scb[i], j);
            }
        }
        set middle = {0};
        for (unsigned j = i + 1; j < end; j++) {
            if (strong || !same_place(i, j)) {
                join(middle, relation.hb[j]);
            }
        }
        for (unsigned j = 0; j < relation.count; j++) {
            for (unsigned k = j + 1; has(middle, j) && k < relation.count && relation.thread[k] == relation.thread[j];
                 k++) {
                if (strong || !same_place(j, k)) {
                    put(relation.scb[i], k);
                }
            }
        }
    }
}

// after writes the union of a relation's images of a set.
static void after(const set from, set (*image)[EVENTS_MAX], set out) {
    clear(out);
    for (unsigned i = 0; i < relation.count; i++) {
        if (has(from, i)) {
            join(out, (*image)[i]);
        }
    }
}

static void relate_psc(void) {
    for (unsigned i = 0; i < relation.count; i++) {
        if (!is_seq_cst(i)) {
            continue;
        }
        set start = {0}, reached, later;
        put(start, i);
        if (is_fence(i)) {
            join(start, relation.hb[i]);
        }
        after(start, &relation.scb, reached);
        after(reached, &relation.hb, later);
        set by_fence = {0}; // psc_F
        if (is_fence(i)) {
            set eco;
            after(relation.hb[i], &relation.eco, eco);
            after(eco, &relation.hb, by_fence);
            join(by_fence, relation.hb[i]);
        }
        for (unsigned j = 0; j < relation.count; j++) {
            if (is_seq_cst(j) && (has(reached, j) || (is_fence(j) && (has(later, j) || has(by_fence, j))))) {
                put(relation.psc[i], j);
            }
        }
    }
}

// An event that precedes nothing that is left lies on no cycle.
static int psc_is_acyclic(void) {
    set left = {0};
    unsigned count = 0;
    for (unsigned i = 0; i < relation.count; i++) {
        if (is_seq_cst(i)) {
            put(left, i);
            count++;
        }
    }
    for (int removed = 1; count > 0 && removed;) {
        removed = 0;
        for (unsigned i = 0; i < relation.count; i++) {
            if (!has(left, i)) {
                continue;
            }
            uint64_t precedes = 0;
            for (unsigned word = 0; word < relation.words; word++) {
                precedes |= relation.psc[i][word] & left[word];
            }
            if (precedes == 0) {
                left[i / 64] &= ~(UINT64_C(1) << (i % 64));
                count--;
                removed = 1;
            }
        }
    }
    return count == 0;
}

int sm_graph_psc_holds(const struct sm_graph *graph) {
    if (graph->seq_cst < 2) {
        return 1;
    }
    number_events(graph);
    relate_happens_before(graph);
    relate_coherence(graph);
    relate_scb(graph->strong_seq_cst);
    relate_psc();
    return psc_is_acyclic();
}
