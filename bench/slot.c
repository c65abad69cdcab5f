// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The benches of the profile `slot`.
#include <stdlib.h>

#include "bench/bench.h"

struct run {
    struct sm_slot_ops ops;
    struct sm_slot *slot, *back;
};

static void end(void *context) {
    struct run *run = context;
    run->ops.destroy(run->slot);
    run->ops.destroy(run->back);
    free(run);
}

static void *begin(const struct sm_subject_tables *subject) {
    struct run *run = calloc(1, sizeof *run);
    if (run == NULL) {
        return NULL;
    }
    run->ops = subject->slot;
    if (run->ops.create(&sm_bench_words, &run->slot) != SM_OK ||
        run->ops.create(&sm_bench_words, &run->back) != SM_OK) {
        end(run);
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

// Two threads hand a value to and fro, by a slot for each way. A thread that waits looks by taking.
static void hand_over(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*put)(struct sm_slot *, void *) = run->ops.put;
    enum sm_status (*take)(struct sm_slot *, void **) = run->ops.take;
    do {
        void *value;
        put(run->slot, context);
        while (take(run->back, &value) != SM_OK || value == NULL) { // the floor's NULL is none
        }
    } while (--rounds != 0);
}

static void hand_back(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*put)(struct sm_slot *, void *) = run->ops.put;
    enum sm_status (*take)(struct sm_slot *, void **) = run->ops.take;
    do {
        void *value;
        while (take(run->slot, &value) != SM_OK || value == NULL) {
        }
        put(run->back, context);
    } while (--rounds != 0);
}

static void send(void *context, uintptr_t number) {
    const struct run *run = context;
    run->ops.put(run->slot, (void *)number);
}

static uintptr_t receive(void *context) {
    const struct run *run = context;
    void *value;
    return run->ops.take(run->slot, &value) == SM_OK ? (uintptr_t)value : 0;
}

static void *make(void *context) {
    struct sm_slot *slot = NULL;
    ((struct run *)context)->ops.create(&sm_bench_words, &slot);
    return slot;
}

static void unmake(void *context, void *slot) {
    ((struct run *)context)->ops.destroy(slot);
}

#define BENCH(bench, ...)                                                                                              \
    extern const struct sm_bench sm_bench_slot_##bench;                                                                \
    const struct sm_bench sm_bench_slot_##bench = {                                                                    \
        .name = "slot/" #bench, .profile = SM_PROFILE_SLOT, .run = bench, .end = end, __VA_ARGS__}

BENCH(put_take, .what = "put a value, take it", .begin = begin, .shared = 1);
BENCH(put_put, .what = "put a value where one is", .begin = begin, .shared = 1);
BENCH(take_empty, .what = "take where nothing is", .begin = begin, .shared = 1);
BENCH(exchange, .what = "exchange a value for the one that is there", .begin = begin_exchange, .shared = 1);
BENCH(create_destroy, .what = "create a slot, destroy it", .begin = begin, .shared = 1, .object = "slot", .make = make,
      .unmake = unmake);
BENCH(hand_over, .what = "hand a value to another thread, and have it back", .begin = begin, .beside = hand_back);

extern const struct sm_bench sm_bench_slot_delivery;
const struct sm_bench sm_bench_slot_delivery = {.name = "slot/delivery",
                                                .what = "put a value, until another thread has taken it",
                                                .profile = SM_PROFILE_SLOT,
                                                .begin = begin,
                                                .end = end,
                                                .send = send,
                                                .receive = receive};
