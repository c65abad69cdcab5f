// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The classic litmus tests, fenced and weakened: the explorer finds each outcome that RC11 allows, and no other.
//
// An outcome is what the reading steps read, thread by thread, and after a bar what x and y hold in the end.
#include <stdio.h>
#include <string.h>

#include "stress/explore/listing.h"

enum { X = 4, Y = 8, Z = 12 };
#define RLX SM_ORDER_RELAXED
#define ACQ SM_ORDER_ACQUIRE
#define REL SM_ORDER_RELEASE
#define AR  SM_ORDER_ACQ_REL
#define SC  SM_ORDER_SEQ_CST
// clang-format off
#define ACCESS(...)           {.access = {.size = sizeof(int), __VA_ARGS__}}
#define LD(at, how)           ACCESS(.kind = SM_ACCESS_LOAD, .address = (at), .order = (how))
#define ST(at, what, how)     ACCESS(.kind = SM_ACCESS_STORE, .address = (at), .operand = (what), .order = (how))
#define ADD(at, what, how)    ACCESS(.kind = SM_ACCESS_FETCH_ADD, .address = (at), .operand = (what), .order = (how))
#define XCHG(at, what, how)   ACCESS(.kind = SM_ACCESS_EXCHANGE, .address = (at), .operand = (what), .order = (how))
#define CAS(at, old, what, how, failed)                                                                                \
    ACCESS(.kind = SM_ACCESS_COMPARE_EXCHANGE, .address = (at), .expected = (old), .operand = (what), .order = (how),  \
           .failure = (failed))
#define WEAK_CAS(at, old, what, how, failed)                                                                           \
    ACCESS(.kind = SM_ACCESS_COMPARE_EXCHANGE_WEAK, .address = (at), .expected = (old), .operand = (what),             \
           .order = (how), .failure = (failed))
#define F(how)                ACCESS(.kind = SM_ACCESS_FENCE, .order = (how))

// Each with the outcomes in order.
static const struct {
    const char *name;
    struct {
        unsigned count;
        struct sm_instruction steps[4][6]; // each up to its first access of size 0
    } threads;
    const char *outcomes;
} tests[] = {
    // Store buffering: only seq_cst forbids that neither sees the other.
    {"SB", {2, {{ST(X, 1, RLX), LD(Y, RLX)}, {ST(Y, 1, RLX), LD(X, RLX)}}}, "00|11 01|11 10|11 11|11"},
    {"SB+rel+acq", {2, {{ST(X, 1, REL), LD(Y, ACQ)}, {ST(Y, 1, REL), LD(X, ACQ)}}}, "00|11 01|11 10|11 11|11"},
    {"SB+sc", {2, {{ST(X, 1, SC), LD(Y, SC)}, {ST(Y, 1, SC), LD(X, SC)}}}, "01|11 10|11 11|11"},
    {"SB+sc+one relaxed", {2, {{ST(X, 1, SC), LD(Y, RLX)}, {ST(Y, 1, SC), LD(X, SC)}}}, "00|11 01|11 10|11 11|11"},
    {"SB+fences", {2, {{ST(X, 1, RLX), F(SC), LD(Y, RLX)}, {ST(Y, 1, RLX), F(SC), LD(X, RLX)}}}, "01|11 10|11 11|11"},
    {"SB+one fence", {2, {{ST(X, 1, RLX), F(SC), LD(Y, RLX)}, {ST(Y, 1, RLX), LD(X, RLX)}}}, "00|11 01|11 10|11 11|11"},
    {"SB+acq_rel fences", {2, {{ST(X, 1, RLX), F(AR), LD(Y, RLX)}, {ST(Y, 1, RLX), F(AR), LD(X, RLX)}}},
     "00|11 01|11 10|11 11|11"},
    {"SB+exchanges", {2, {{XCHG(X, 1, SC), LD(Y, SC)}, {XCHG(Y, 1, SC), LD(X, SC)}}}, "0001|11 0100|11 0101|11"},
    // Message passing: the flag is seen, and the message with it.
    {"MP", {2, {{ST(X, 1, RLX), ST(Y, 1, RLX)}, {LD(Y, RLX), LD(X, RLX)}}}, "00|11 01|11 10|11 11|11"},
    {"MP+rel+acq", {2, {{ST(X, 1, RLX), ST(Y, 1, REL)}, {LD(Y, ACQ), LD(X, RLX)}}}, "00|11 01|11 11|11"},
    {"MP+rel", {2, {{ST(X, 1, RLX), ST(Y, 1, REL)}, {LD(Y, RLX), LD(X, RLX)}}}, "00|11 01|11 10|11 11|11"},
    {"MP+acq", {2, {{ST(X, 1, RLX), ST(Y, 1, RLX)}, {LD(Y, ACQ), LD(X, RLX)}}}, "00|11 01|11 10|11 11|11"},
    {"MP+fences", {2, {{ST(X, 1, RLX), F(REL), ST(Y, 1, RLX)}, {LD(Y, RLX), F(ACQ), LD(X, RLX)}}}, "00|11 01|11 11|11"},
    {"MP+fence in the wrong place", {2, {{ST(X, 1, RLX), ST(Y, 1, RLX), F(REL)}, {LD(Y, RLX), F(ACQ), LD(X, RLX)}}},
     "00|11 01|11 10|11 11|11"},
    // Load buffering: excluded by RC11, although C11 and some hardware allow it.
    {"LB", {2, {{LD(X, RLX), ST(Y, 1, RLX)}, {LD(Y, RLX), ST(X, 1, RLX)}}}, "00|11 01|11 10|11"},
    // Independent reads of independent writes: only seq_cst has all agree on one order.
    {"IRIW+sc", {4, {{ST(X, 1, SC)}, {ST(Y, 1, SC)}, {LD(X, SC), LD(Y, SC)}, {LD(Y, SC), LD(X, SC)}}},
     "0000|11 0001|11 0010|11 0011|11 0100|11 0101|11 0110|11 0111|11 1000|11 1001|11 1011|11 1100|11 1101|11 1110|11 "
     "1111|11"},
    {"IRIW+rel+acq", {4, {{ST(X, 1, REL)}, {ST(Y, 1, REL)}, {LD(X, ACQ), LD(Y, ACQ)}, {LD(Y, ACQ), LD(X, ACQ)}}},
     "0000|11 0001|11 0010|11 0011|11 0100|11 0101|11 0110|11 0111|11 1000|11 1001|11 1010|11 1011|11 1100|11 1101|11 "
     "1110|11 1111|11"},
    {"IRIW+fences",
     {4, {{ST(X, 1, RLX)}, {ST(Y, 1, RLX)}, {LD(X, RLX), F(SC), LD(Y, RLX)}, {LD(Y, RLX), F(SC), LD(X, RLX)}}},
     "0000|11 0001|11 0010|11 0011|11 0100|11 0101|11 0110|11 0111|11 1000|11 1001|11 1011|11 1100|11 1101|11 1110|11 "
     "1111|11"},
    // Two writes each: the first of each thread cannot be last under seq_cst.
    {"2+2W", {2, {{ST(X, 1, RLX), ST(Y, 2, RLX)}, {ST(Y, 1, RLX), ST(X, 2, RLX)}}}, "|11 |12 |21 |22"},
    {"2+2W+rel", {2, {{ST(X, 1, REL), ST(Y, 2, REL)}, {ST(Y, 1, REL), ST(X, 2, REL)}}}, "|11 |12 |21 |22"},
    {"2+2W+sc", {2, {{ST(X, 1, SC), ST(Y, 2, SC)}, {ST(Y, 1, SC), ST(X, 2, SC)}}}, "|12 |21 |22"},
    {"2+2W+fences", {2, {{ST(X, 1, RLX), F(SC), ST(Y, 2, RLX)}, {ST(Y, 1, RLX), F(SC), ST(X, 2, RLX)}}}, "|12 |21 |22"},
    // Coherence holds whatever the order.
    {"CoRR", {2, {{ST(X, 1, RLX)}, {LD(X, RLX), LD(X, RLX)}}}, "00|10 01|10 11|10"},
    {"CoWW", {1, {{ST(X, 1, RLX), ST(X, 2, RLX)}}}, "|20"},
    {"CoRW1", {1, {{LD(X, RLX), ST(X, 1, RLX)}}}, "0|10"},
    {"CoWR", {2, {{ST(X, 1, RLX), LD(X, RLX)}, {ST(X, 2, RLX)}}}, "1|10 1|20 2|20"},
    {"CoRR2", {3, {{ST(X, 1, RLX)}, {ST(X, 2, RLX)}, {LD(X, RLX), LD(X, RLX)}}},
     "00|10 00|20 01|10 01|20 02|10 02|20 11|10 11|20 12|20 21|10 22|10 22|20"},
    // Write-read causality.
    {"WRC", {3, {{ST(X, 1, RLX)}, {LD(X, RLX), ST(Y, 1, RLX)}, {LD(Y, RLX), LD(X, RLX)}}},
     "000|11 001|11 010|11 011|11 100|11 101|11 110|11 111|11"},
    {"WRC+rel+acq", {3, {{ST(X, 1, REL)}, {LD(X, ACQ), ST(Y, 1, REL)}, {LD(Y, ACQ), LD(X, RLX)}}},
     "000|11 001|11 010|11 011|11 100|11 101|11 111|11"},
    {"ISA2", {3, {{ST(X, 1, RLX), ST(Y, 1, RLX)}, {LD(Y, RLX), ST(Z, 1, RLX)}, {LD(Z, RLX), LD(X, RLX)}}},
     "000|11 001|11 010|11 011|11 100|11 101|11 110|11 111|11"},
    {"ISA2+rel+acq", {3, {{ST(X, 1, RLX), ST(Y, 1, REL)}, {LD(Y, ACQ), ST(Z, 1, REL)}, {LD(Z, ACQ), LD(X, RLX)}}},
     "000|11 001|11 010|11 011|11 100|11 101|11 111|11"},
    // S and R.
    {"S+rel+acq", {2, {{ST(X, 2, RLX), ST(Y, 1, REL)}, {LD(Y, ACQ), ST(X, 1, RLX)}}}, "0|11 0|21 1|11"},
    {"S", {2, {{ST(X, 2, RLX), ST(Y, 1, RLX)}, {LD(Y, RLX), ST(X, 1, RLX)}}}, "0|11 0|21 1|11 1|21"},
    {"R+fences", {2, {{ST(X, 1, RLX), F(SC), ST(Y, 1, RLX)}, {ST(Y, 2, RLX), F(SC), LD(X, RLX)}}}, "0|11 1|11 1|12"},
    {"R", {2, {{ST(X, 1, RLX), ST(Y, 1, RLX)}, {ST(Y, 2, RLX), LD(X, RLX)}}}, "0|11 0|12 1|11 1|12"},
    // Z6.U: what synchronizes with a seq_cst read-modify-write is not ordered before it by seq_cst.
    {"Z6.U", {3, {{ST(X, 1, SC), ST(Y, 1, REL)}, {ADD(Y, 1, SC), LD(Y, RLX)}, {ST(Y, 3, SC), LD(X, SC)}}},
     "010|11 010|13 011|11 011|13 030|11 030|13 031|11 031|13 120|12 120|13 121|12 121|13 130|13 131|13 310|11 311|11 "
     "340|11 340|14 341|11 341|14"},
    // Read-modify-writes: atomic, and the release sequence goes on through them.
    {"two adds", {2, {{ADD(X, 1, RLX)}, {ADD(X, 1, RLX)}}}, "01|20 10|20"},
    {"one of two compare-exchanges", {2, {{CAS(X, 0, 1, RLX, RLX)}, {CAS(X, 0, 2, RLX, RLX)}}}, "01|10 20|20"},
    {"release sequence", {3, {{ST(X, 1, RLX), ST(Y, 1, REL)}, {ADD(Y, 1, RLX)}, {LD(Y, ACQ), LD(X, RLX)}}},
     "000|11 001|11 010|11 011|11 100|12 101|12 111|12 121|12"},
    {"no release sequence through a store",
     {2, {{ST(X, 1, RLX), ST(Y, 1, REL), ST(Y, 2, RLX)}, {LD(Y, ACQ), LD(X, RLX)}}}, "00|12 01|12 11|12 20|12 21|12"},
    // A weak one may fail though it reads what it expects; here one of them at most.
    {"weak compare-exchange", {1, {{WEAK_CAS(X, 0, 1, RLX, RLX)}}}, "0|00 0|10"},
    {"weak compare-exchanges", {2, {{WEAK_CAS(X, 0, 1, RLX, RLX)}, {WEAK_CAS(X, 0, 2, RLX, RLX)}}},
     "00|10 00|20 01|10 20|20"},
    // A compare-exchange that fails reads by its own order.
    {"failed compare-exchange, acquire", {2, {{ST(X, 1, RLX), ST(Y, 1, REL)}, {CAS(Y, 2, 3, ACQ, ACQ), LD(X, RLX)}}},
     "00|11 01|11 11|11"},
    {"failed compare-exchange, relaxed", {2, {{ST(X, 1, RLX), ST(Y, 1, REL)}, {CAS(Y, 2, 3, ACQ, RLX), LD(X, RLX)}}},
     "00|11 01|11 10|11 11|11"},
};
// clang-format on

enum { OUTCOMES_MAX = 32, OUTCOME_BYTES = 16 };

// found is a set of outcomes, in the order of strcmp.
struct found {
    char texts[OUTCOMES_MAX][OUTCOME_BYTES];
    unsigned count;
};

static void insert(struct found *found, const char *text) {
    unsigned i = 0;
    while (i < found->count && strcmp(found->texts[i], text) < 0) {
        i++;
    }
    if ((i < found->count && strcmp(found->texts[i], text) == 0) || found->count == OUTCOMES_MAX) {
        return;
    }
    memmove(found->texts[i + 1], found->texts[i], (found->count++ - i) * OUTCOME_BYTES);
    strcpy(found->texts[i], text);
}

static void note(const struct sm_listing_run *run, void *context) {
    char text[OUTCOME_BYTES];
    size_t length = 0;
    for (unsigned thread = 0; thread < SM_EXPLORE_THREADS_MAX; thread++) {
        for (unsigned i = 0; i < run->read_counts[thread]; i++) {
            text[length++] = (char)('0' + run->reads[thread][i]);
        }
    }
    snprintf(text + length, sizeof text - length, "|%d%d", (int)sm_explore_last(X, 0), (int)sm_explore_last(Y, 0));
    insert(context, text);
}

// is_as_expected compares a set with a list of outcomes separated by spaces, in any order.
static int is_as_expected(const struct found *found, const char *outcomes) {
    struct found expected = {.count = 0};
    char copy[512];
    snprintf(copy, sizeof copy, "%s", outcomes);
    for (char *text = strtok(copy, " "); text != NULL; text = strtok(NULL, " ")) {
        insert(&expected, text);
    }
    int same = found->count == expected.count;
    for (unsigned i = 0; i < found->count && same; i++) {
        same = strcmp(found->texts[i], expected.texts[i]) == 0;
    }
    return same;
}

int main(void) {
    unsigned failed = 0;
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        struct found found = {.count = 0};
        struct sm_listing listing = {.thread_count = tests[i].threads.count};
        for (unsigned thread = 0; thread < listing.thread_count; thread++) {
            const struct sm_instruction *steps = tests[i].threads.steps[thread];
            for (unsigned *length = &listing.lengths[thread]; *length < 6 && steps[*length].access.size > 0;
                 ++*length) {
                listing.threads[thread][*length] = steps[*length];
            }
        }
        const struct sm_listing_options options = {.visit = note, .context = &found, .spurious_max = 1};
        struct sm_explore_result result;
        if (sm_listing_explore(&listing, &options, &result) != SM_EXPLORE_COMPLETE ||
            !is_as_expected(&found, tests[i].outcomes)) {
            printf("%s: expected %s\n  found", tests[i].name, tests[i].outcomes);
            for (unsigned j = 0; j < found.count; j++) {
                printf(" %s", found.texts[j]);
            }
            puts("");
            failed++;
        }
    }
    printf("%zu litmus tests, %u failed\n", sizeof tests / sizeof tests[0], failed);
    return failed != 0;
}
