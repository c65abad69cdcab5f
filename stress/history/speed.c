// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// How fast the machinery of histories is on this machine. It prints figures and asserts none.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "conformance/harness/random.h"
#include "stress/history/clock.h"
#include "stress/history/linearize.h"

enum { WRITE, READ };

static void begin(void *state) {
    memset(state, 0, sizeof(uint64_t));
}

static int step(void *state, const struct sm_operation *operation) {
    uint64_t held;
    memcpy(&held, state, sizeof held);
    if (operation->kind == WRITE) {
        memcpy(state, &operation->argument, sizeof held);
        return 1;
    }
    return operation->result == held;
}

static const char *describe(const struct sm_operation *operation, char *text, size_t size) {
    snprintf(text, size, operation->kind == WRITE ? "write(%u)" : "read -> %u",
             (unsigned)(operation->kind == WRITE ? operation->argument : operation->result));
    return text;
}

static const struct sm_model register_model = {"register", sizeof(uint64_t), begin, step, describe};

// overlapping writes a history in which each call overlaps those of the other lanes, and every read is right.
static void overlapping(struct sm_operation *calls, unsigned lanes, size_t count, uint32_t objects, uint64_t seed,
                        struct sm_history *out) {
    uint64_t *held = calloc(objects, sizeof *held);
    if (held == NULL) {
        exit(1);
    }
    *out = (struct sm_history){.lane_count = lanes};
    for (size_t i = 0; i < count; i++) {
        for (unsigned lane = 0; lane < lanes; lane++) {
            uint64_t instant = (i * lanes + lane) * 10 + 100;
            struct sm_operation *call = &calls[lane * count + i];
            *call = (struct sm_operation){.kind = sm_random(&seed) % 2 ? WRITE : READ,
                                          .object = (uint32_t)(sm_random(&seed) % objects),
                                          .called = instant - 9,
                                          .returned = instant + (lanes - 1) * 10};
            if (call->kind == WRITE) {
                call->argument = held[call->object] = sm_random(&seed) % 100;
            } else {
                call->result = held[call->object];
            }
        }
    }
    for (unsigned lane = 0; lane < lanes; lane++) {
        out->lanes[lane] = (struct sm_lane){calls + lane * count, count};
    }
    free(held);
}

static double since(uint64_t began) {
    return (double)(sm_now_ns() - began) * 1e-9;
}

static void small_histories(struct sm_linearizer *linearizer) {
    enum { KINDS = 64, ROUNDS = 2000000 };
    static struct sm_operation calls[KINDS][12];
    static struct sm_history histories[KINDS];
    for (unsigned i = 0; i < KINDS; i++) {
        overlapping(calls[i], 3, 4, 1, i, &histories[i]);
    }
    struct sm_explanation explanation;
    uint64_t began = sm_now_ns();
    for (unsigned i = 0; i < ROUNDS; i++) {
        sm_linearize(linearizer, &register_model, NULL, &histories[i % KINDS], &explanation);
    }
    printf("histories of 12 calls on 3 threads    %.2f million checked a second\n", ROUNDS * 1e-6 / since(began));
}

static void large_history(struct sm_linearizer *linearizer, unsigned lanes, size_t count, uint32_t objects) {
    struct sm_operation *calls = malloc(sizeof *calls * lanes * count);
    if (calls == NULL) {
        exit(1);
    }
    struct sm_history history;
    overlapping(calls, lanes, count, objects, 1, &history);
    struct sm_explanation explanation;
    uint32_t object;
    uint64_t began = sm_now_ns();
    enum sm_linearizable verdict = sm_linearize_each(linearizer, &register_model, &history, &explanation, &object);
    double seconds = since(began);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%6zu calls on %4u objects, %u threads  %s in %.3f s, %ld MiB at most\n", lanes * count, objects, lanes,
           verdict == SM_LINEARIZABLE_YES ? "explained" : "not explained", seconds, usage.ru_maxrss / 1024);
    free(calls);
}

// A slot as plain as can be, to see what recording costs beside it.
enum { RECORDED = 2000000 };
static _Alignas(128) _Atomic uint64_t slot;
static _Alignas(128) struct sm_operation records[2][4096];

static void *record(void *argument) {
    struct sm_operation *lane = argument;
    for (unsigned i = 0; i < RECORDED; i++) {
        struct sm_operation call = {.kind = WRITE, .argument = i};
        call.called = sm_clock_called();
        call.result = atomic_exchange(&slot, call.argument);
        call.returned = sm_clock_returned();
        lane[i % 4096] = call;
    }
    return NULL;
}

static void recording(void) {
    pthread_t threads[2];
    uint64_t began = sm_now_ns();
    for (unsigned i = 0; i < 2; i++) {
        if (pthread_create(&threads[i], NULL, record, records[i]) != 0) {
            exit(1);
        }
    }
    for (unsigned i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("one slot on 2 threads, recorded       %.2f million operations a second\n",
           2 * RECORDED * 1e-6 / since(began));
}

int main(void) {
    struct sm_linearizer *linearizer = sm_linearizer_create((size_t)1 << 30);
    if (linearizer == NULL) {
        return 1;
    }
    recording();
    small_histories(linearizer);
    large_history(linearizer, 4, 25000, 1000);
    large_history(linearizer, 2, 2500, 1);
    large_history(linearizer, 8, 625, 1);
    sm_linearizer_destroy(linearizer);
    return 0;
}
