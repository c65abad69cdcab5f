// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The benches of the profile `effect`.
#include <stdlib.h>

#include "bench/bench.h"

struct run {
    struct sm_effect_ops ops;
    struct sm_effect *channel;
};

static void end(void *context) {
    struct run *run = context;
    run->ops.destroy(run->channel);
    free(run);
}

static void *begin(const struct sm_subject_tables *subject) {
    struct run *run = calloc(1, sizeof *run);
    if (run == NULL) {
        return NULL;
    }
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

#define BENCH(name, what)                                                                                              \
    extern const struct sm_bench sm_bench_effect_##name;                                                               \
    const struct sm_bench sm_bench_effect_##name = {"effect/" #name, what, SM_PROFILE_EFFECT, begin, name, end}

BENCH(round_trip, "request, take the effect, fulfill, request again");
BENCH(request_pending, "request where nobody answers");
BENCH(create_destroy, "create a channel, destroy it");
