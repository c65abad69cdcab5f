// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What is drawn at random: by a walk, of a small program, each execution there is and no other. With a part of either
// way of drawing left out, what needs that part is not drawn.
#include <stdio.h>
#include <string.h>

#include "stress/explore/listing.h"
#include "stress/explore/sample.h"
#include "stress/explore/seen.h"

enum { X = 4, Y = 8, EXECUTIONS = 4000 };
#define ACCESS(...)                                                                                                    \
    {                                                                                                                  \
        .access = {.size = sizeof(int), __VA_ARGS__ }                                                                  \
    }
#define LD(at)        ACCESS(.kind = SM_ACCESS_LOAD, .address = (at))
#define LD_SC(at)     ACCESS(.kind = SM_ACCESS_LOAD, .address = (at), .order = SM_ORDER_SEQ_CST)
#define ST(at, what)  ACCESS(.kind = SM_ACCESS_STORE, .address = (at), .operand = (what))
#define ST_SC(at)     ACCESS(.kind = SM_ACCESS_STORE, .address = (at), .operand = 1, .order = SM_ORDER_SEQ_CST)
#define ADD(at)       ACCESS(.kind = SM_ACCESS_FETCH_ADD, .address = (at), .operand = 1)
#define CAS(at, what) ACCESS(.kind = SM_ACCESS_COMPARE_EXCHANGE, .address = (at), .operand = (what))
#define WEAK(at)      ACCESS(.kind = SM_ACCESS_COMPARE_EXCHANGE_WEAK, .address = (at), .operand = 1)

// Each with what one way of drawing needs for it, and others lack.
static const struct sm_sample walk = {.way = SM_SAMPLE_WALK, .seed = 1, .executions = EXECUTIONS, .older = 50},
                              walk_last = {.way = SM_SAMPLE_WALK, .seed = 1, .executions = EXECUTIONS},
                              pct2 = {.way = SM_SAMPLE_PCT, .seed = 1, .executions = EXECUTIONS, .changes = 2},
                              pct1 = {.way = SM_SAMPLE_PCT, .seed = 1, .executions = EXECUTIONS, .changes = 1},
                              pct0 = {.way = SM_SAMPLE_PCT, .seed = 1, .executions = EXECUTIONS};

static const struct sm_listing tests[] = {
    {2, {2, 2}, {{ST(X, 1), LD(Y)}, {ST(Y, 1), LD(X)}}},
    {2, {2, 2}, {{ST_SC(X), LD_SC(Y)}, {ST_SC(Y), LD_SC(X)}}},
    {2, {2, 2}, {{ST(X, 1), ST(Y, 2)}, {ST(Y, 1), ST(X, 2)}}},
    {3, {1, 2, 2}, {{ST(X, 1)}, {LD(X), ST(Y, 1)}, {LD(Y), LD(X)}}},
    {4, {1, 1, 2, 2}, {{ST_SC(X)}, {ST_SC(Y)}, {LD_SC(X), LD_SC(Y)}, {LD_SC(Y), LD_SC(X)}}},
    {3, {2, 2, 2}, {{ADD(X), ADD(X)}, {ADD(X), ADD(X)}, {ADD(X), ADD(X)}}},
    {3, {2, 2, 1}, {{CAS(X, 1), LD(X)}, {CAS(X, 2), ST(X, 3)}, {ADD(X)}}},
    {2, {2, 2}, {{WEAK(X), LD(X)}, {WEAK(X), WEAK(X)}}},
};

// explore goes through all executions, or those of a sample, and notes them in `seen`.
static int explore(const struct sm_listing *listing, const struct sm_sample *sample, struct sm_seen *seen,
                   uint64_t *out_graphs) {
    const struct sm_listing_options options = {.spurious_max = 1, .sample = sample, .seen = seen};
    struct sm_explore_result result;
    enum sm_explore_verdict verdict = sm_listing_explore(listing, &options, &result);
    *out_graphs = result.graphs;
    return verdict == (sample == NULL ? SM_EXPLORE_COMPLETE : SM_EXPLORE_SAMPLED) &&
           (sample == NULL || (result.graphs == sample->executions && result.drawn == sample->executions));
}

// draws_all tells whether a walk draws each execution of a program: as many different ones as there are, and none that
// exploration does not know.
static int draws_all(const struct sm_listing *listing) {
    struct sm_seen all = {.hashes = NULL}, drawn = {.hashes = NULL};
    uint64_t graphs, executions;
    int ok = explore(listing, NULL, &all, &graphs) && explore(listing, &walk, &drawn, &executions) &&
             all.different == graphs && drawn.different == graphs;
    explore(listing, &walk, &all, &executions);
    ok = ok && all.different == graphs;
    if (!ok) {
        printf("%llu of %llu executions drawn, %llu with others\n", (unsigned long long)drawn.different,
               (unsigned long long)graphs, (unsigned long long)all.different);
    }
    sm_seen_free(&all);
    sm_seen_free(&drawn);
    return ok;
}

// sought is an outcome, what the reads of thread 0 and then of thread 1 read, and whether it was drawn.
struct sought {
    const char *outcome;
    int drawn;
};

static void note(const struct sm_listing_run *run, void *context) {
    struct sought *sought = context;
    char text[8];
    size_t length = 0;
    for (unsigned thread = 0; thread < 2; thread++) {
        for (unsigned i = 0; i < run->read_counts[thread]; i++) {
            text[length++] = (char)('0' + run->reads[thread][i]);
        }
    }
    text[length] = '\0';
    sought->drawn |= strcmp(text, sought->outcome) == 0;
}

static int draws(const struct sm_listing *listing, const struct sm_sample *sample, const char *outcome) {
    struct sought sought = {outcome, 0};
    const struct sm_listing_options options = {.visit = note, .context = &sought, .sample = sample};
    struct sm_explore_result result;
    return sm_listing_explore(listing, &options, &result) == SM_EXPLORE_SAMPLED && sought.drawn;
}

// lacks tells whether a way of drawing has an outcome, and one that lacks a part of it has not.
static int lacks(const char *what, const struct sm_listing *listing, const char *outcome, const struct sm_sample *with,
                 const struct sm_sample *without) {
    int first = draws(listing, with, outcome), second = draws(listing, without, outcome);
    if (!first || second) {
        printf("%s: %s drawn, %s drawn without\n", what, first ? "is" : "not", second ? "is" : "not");
    }
    return first && !second;
}

int main(void) {
    static const struct sm_listing store_buffering = {2, {2, 2}, {{ST(X, 1), LD(Y)}, {ST(Y, 1), LD(X)}}},
                                   twice = {2, {2, 1}, {{LD(X), LD(X)}, {ST(X, 1)}}},
                                   in_the_middle = {2, {2, 2}, {{LD(X), LD(X)}, {ST(X, 1), ST(X, 2)}}},
                                   overtaken = {2, {2, 2}, {{ST(X, 1), ST(Y, 1)}, {LD(Y), LD(X)}}};
    unsigned failed = 0;
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        failed += !draws_all(&tests[i]);
    }
    failed += !lacks("older writes", &store_buffering, "00", &walk, &walk_last);
    failed += !lacks("weak memory", &overtaken, "10", &walk, &pct2);
    failed += !lacks("a change", &twice, "01", &pct1, &pct0);
    failed += !lacks("two changes", &in_the_middle, "01", &pct2, &pct1);

    // The same seed draws the same, and another one something else.
    struct sm_sample few = walk, others = walk;
    struct sm_seen once = {.hashes = NULL}, twice_the_same = {.hashes = NULL}, both = {.hashes = NULL};
    uint64_t graphs;
    few.executions = others.executions = 20;
    others.seed = 2;
    const struct sm_listing *adds = &tests[5]; // 90 executions
    explore(adds, &few, &once, &graphs);
    explore(adds, &few, &twice_the_same, &graphs);
    explore(adds, &few, &twice_the_same, &graphs);
    explore(adds, &few, &both, &graphs);
    explore(adds, &others, &both, &graphs);
    if (once.once == 0 || twice_the_same.different != once.different || twice_the_same.once != 0 ||
        both.different == once.different) {
        printf("seeds: %llu, %llu and %llu different\n", (unsigned long long)once.different,
               (unsigned long long)twice_the_same.different, (unsigned long long)both.different);
        failed++;
    }
    sm_seen_free(&once);
    sm_seen_free(&twice_the_same);
    sm_seen_free(&both);
    printf("%u failed\n", failed);
    return failed != 0;
}
