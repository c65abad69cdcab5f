// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The benches of the profile `promise`.
#include <stdlib.h>

#include "bench/bench.h"

struct ends {
    struct sm_promise *promise;
    struct sm_fulfiller *fulfiller;
};

struct run {
    struct sm_promise_ops ops;
    struct sm_loop *loop;
    struct sm_promise *promise; // never decided
    struct sm_fulfiller *fulfiller;
    struct ends made[SM_BENCH_OBJECTS];
    unsigned made_count;
};

static void end(void *context) {
    struct run *run = context;
    if (run->promise != NULL) {
        run->ops.drop_fulfiller(run->fulfiller);
        run->ops.destroy(run->promise);
    }
    if (run->loop != NULL) {
        run->ops.loop_leave(run->loop);
        run->ops.loop_destroy(run->loop);
    }
    free(run);
}

static void *begin(const struct sm_subject_tables *subject) {
    struct run *run = calloc(1, sizeof *run);
    if (run == NULL) {
        return NULL;
    }
    run->ops = subject->promise;
    if (run->ops.loop_create(NULL, NULL, &run->loop) != SM_OK || run->ops.loop_enter(run->loop) != SM_OK ||
        run->ops.create(run->loop, &sm_bench_words, &run->promise, &run->fulfiller) != SM_OK) {
        end(run);
        return NULL;
    }
    return run;
}

static void life(void *context, uint64_t rounds) {
    const struct run *run = context;
    const struct sm_promise_ops ops = run->ops;
    do {
        struct sm_promise *promise = NULL;
        struct sm_fulfiller *fulfiller = NULL;
        enum sm_poll poll;
        uint32_t count;
        void *value;
        ops.create(run->loop, &sm_bench_words, &promise, &fulfiller);
        ops.fulfill(fulfiller, context);
        ops.drop_fulfiller(fulfiller);
        ops.loop_run(run->loop, &count);
        ops.poll(promise, &sm_bench_waker, &poll, &value);
        ops.destroy(promise);
    } while (--rounds != 0);
}

static void awaited_life(void *context, uint64_t rounds) {
    const struct run *run = context;
    const struct sm_promise_ops ops = run->ops;
    do {
        struct sm_promise *promise = NULL;
        struct sm_fulfiller *fulfiller = NULL;
        enum sm_poll poll;
        uint32_t count;
        void *value;
        ops.create(run->loop, &sm_bench_words, &promise, &fulfiller);
        ops.poll(promise, &sm_bench_waker, &poll, &value);
        ops.fulfill(fulfiller, context);
        ops.drop_fulfiller(fulfiller);
        ops.loop_run(run->loop, &count);
        ops.poll(promise, &sm_bench_waker, &poll, &value);
        ops.destroy(promise);
    } while (--rounds != 0);
}

static void poll_pending(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*poll)(struct sm_promise *, const struct sm_waker *, enum sm_poll *, void **) = run->ops.poll;
    do {
        enum sm_poll found;
        void *value;
        poll(run->promise, &sm_bench_waker, &found, &value);
    } while (--rounds != 0);
}

static void turn_idle(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*turn)(struct sm_loop *, uint32_t *) = run->ops.loop_turn;
    do {
        uint32_t count;
        turn(run->loop, &count);
    } while (--rounds != 0);
}

static void *make(void *context) {
    struct run *run = context;
    struct ends *one = &run->made[run->made_count];
    if (run->ops.create(run->loop, &sm_bench_words, &one->promise, &one->fulfiller) != SM_OK) {
        return NULL;
    }
    run->made_count++;
    return one;
}

static void unmake(void *context, void *object) {
    struct run *run = context;
    const struct ends *one = object;
    run->ops.drop_fulfiller(one->fulfiller);
    run->ops.destroy(one->promise);
    run->made_count--;
}

#define BENCH(bench, ...)                                                                                              \
    extern const struct sm_bench sm_bench_promise_##bench;                                                             \
    const struct sm_bench sm_bench_promise_##bench = {                                                                 \
        .name = "promise/" #bench, .profile = SM_PROFILE_PROMISE, .run = bench, .end = end, __VA_ARGS__}

BENCH(life, .what = "create, fulfill, drop the fulfiller, run the loop, poll, destroy", .begin = begin,
      .object = "promise", .make = make, .unmake = unmake);
BENCH(awaited_life, .what = "the same, polled once before it is fulfilled", .begin = begin);
BENCH(poll_pending, .what = "poll a promise that nobody has decided", .begin = begin);
BENCH(turn_idle, .what = "turn a loop that has nothing to do", .begin = begin);
