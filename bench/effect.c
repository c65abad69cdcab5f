// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The benches of the profile `effect`.
#include <stdatomic.h>
#include <stdlib.h>

#include "bench/bench.h"

struct run {
    struct sm_effect_ops ops;
    struct sm_effect *channel;
    _Alignas(128) atomic_uint answered; // how many effects the host has: stands for the wake that it sends
};

static void end(void *context) {
    struct run *run = context;
    run->ops.destroy(run->channel);
    free(run);
}

static void *begin(const struct sm_subject_tables *subject) {
    struct run *run = aligned_alloc(_Alignof(struct run), sizeof *run);
    if (run == NULL) {
        return NULL;
    }
    atomic_init(&run->answered, 0);
    run->ops = subject->effect;
    if (run->ops.create(&sm_bench_words, &sm_bench_words, &run->channel) != SM_OK) {
        free(run);
        return NULL;
    }
    return run;
}

static void round_trip(void *context, uint64_t rounds) {
    const struct run *run = context;
    struct sm_effect *channel = run->channel;
    enum sm_status (*request)(struct sm_effect *, const void *, enum sm_poll *, void **) = run->ops.request;
    enum sm_status (*take)(struct sm_effect *, void **) = run->ops.take_effect;
    enum sm_status (*fulfill)(struct sm_effect *, void *) = run->ops.fulfill;
    do {
        enum sm_poll poll;
        void *value;
        request(channel, context, &poll, &value);
        take(channel, &value);
        fulfill(channel, context);
        request(channel, context, &poll, &value);
    } while (--rounds != 0);
}

static void ask(void *context, uint64_t rounds) {
    struct run *run = context;
    enum sm_status (*request)(struct sm_effect *, const void *, enum sm_poll *, void **) = run->ops.request;
    unsigned answered = atomic_load_explicit(&run->answered, memory_order_relaxed);
    do {
        enum sm_poll poll;
        void *value;
        request(run->channel, context, &poll, &value);
        while (atomic_load_explicit(&run->answered, memory_order_acquire) == answered) {
        }
        answered++;
        request(run->channel, context, &poll, &value);
    } while (--rounds != 0);
}

static void answer(void *context, uint64_t rounds) {
    struct run *run = context;
    enum sm_status (*take)(struct sm_effect *, void **) = run->ops.take_effect;
    enum sm_status (*fulfill)(struct sm_effect *, void *) = run->ops.fulfill;
    do {
        void *value;
        while (take(run->channel, &value) != SM_OK || value == NULL) { // the floor's NULL is none
        }
        fulfill(run->channel, context);
        atomic_fetch_add_explicit(&run->answered, 1, memory_order_release);
    } while (--rounds != 0);
}

static void request_pending(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*request)(struct sm_effect *, const void *, enum sm_poll *, void **) = run->ops.request;
    do {
        enum sm_poll poll;
        void *value;
        request(run->channel, context, &poll, &value);
    } while (--rounds != 0);
}

static void create_destroy(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*create)(const struct sm_value_type *, const struct sm_value_type *, struct sm_effect **) =
        run->ops.create;
    void (*destroy)(struct sm_effect *) = run->ops.destroy;
    do {
        struct sm_effect *channel = NULL;
        create(&sm_bench_words, &sm_bench_words, &channel);
        destroy(channel);
    } while (--rounds != 0);
}

static void *make(void *context) {
    struct sm_effect *channel = NULL;
    ((struct run *)context)->ops.create(&sm_bench_words, &sm_bench_words, &channel);
    return channel;
}

static void unmake(void *context, void *channel) {
    ((struct run *)context)->ops.destroy(channel);
}

#define BENCH(bench, ...)                                                                                              \
    extern const struct sm_bench sm_bench_effect_##bench;                                                              \
    const struct sm_bench sm_bench_effect_##bench = {                                                                  \
        .name = "effect/" #bench, .profile = SM_PROFILE_EFFECT, .run = bench, .end = end, __VA_ARGS__}

BENCH(round_trip, .what = "request, take the effect, fulfill, request again", .begin = begin);
BENCH(ask, .what = "the same, with a host on another thread", .begin = begin, .beside = answer);
BENCH(request_pending, .what = "request where nobody answers", .begin = begin);
BENCH(create_destroy, .what = "create a channel, destroy it", .begin = begin, .object = "effect channel", .make = make,
      .unmake = unmake);
