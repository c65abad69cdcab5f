// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The benches of the profile `slot`.
#include <stdlib.h>

#include "bench/bench.h"

struct run {
    struct sm_slot_ops ops;
    struct sm_slot *slot;
};

static void end(void *context) {
    struct run *run = context;
    run->ops.destroy(run->slot);
    free(run);
}

static void *begin(const struct sm_subject_tables *subject) {
    struct run *run = calloc(1, sizeof *run);
    if (run == NULL) {
        return NULL;
    }
    run->ops = subject->slot;
    if (run->ops.create(&sm_bench_words, &run->slot) != SM_OK) {
        free(run);
        return NULL;
    }
    return run;
}

static void *begin_exchange(const struct sm_subject_tables *subject) {
    return subject->slot.exchange != NULL ? begin(subject) : NULL;
}

static void put_take(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*put)(struct sm_slot *, void *) = run->ops.put;
    enum sm_status (*take)(struct sm_slot *, void **) = run->ops.take;
    do {
        void *value;
        put(run->slot, context);
        take(run->slot, &value);
    } while (--rounds != 0);
}

static void put_put(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*put)(struct sm_slot *, void *) = run->ops.put;
    do {
        put(run->slot, context);
    } while (--rounds != 0);
}

static void take_empty(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*take)(struct sm_slot *, void **) = run->ops.take;
    do {
        void *value;
        take(run->slot, &value);
    } while (--rounds != 0);
}

static void exchange(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*swap)(struct sm_slot *, void *, void **) = run->ops.exchange;
    do {
        void *old;
        swap(run->slot, context, &old);
    } while (--rounds != 0);
}

static void create_destroy(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*create)(const struct sm_value_type *, struct sm_slot **) = run->ops.create;
    void (*destroy)(struct sm_slot *) = run->ops.destroy;
    do {
        struct sm_slot *slot = NULL;
        create(&sm_bench_words, &slot);
        destroy(slot);
    } while (--rounds != 0);
}

#define BENCH(name, begin, what)                                                                                       \
    extern const struct sm_bench sm_bench_slot_##name;                                                                 \
    const struct sm_bench sm_bench_slot_##name = {"slot/" #name, what, SM_PROFILE_SLOT, begin, name, end}

BENCH(put_take, begin, "put a value, take it");
BENCH(put_put, begin, "put a value where one is");
BENCH(take_empty, begin, "take where nothing is");
BENCH(exchange, begin_exchange, "exchange a value for the one that is there");
BENCH(create_destroy, begin, "create a slot, destroy it");
