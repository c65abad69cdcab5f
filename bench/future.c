// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The benches of the profile `future`.
#include <stdlib.h>

#include "bench/bench.h"

struct run {
    struct sm_future_ops ops;
    struct sm_future *future; // never ready
};

static enum sm_status poll_nothing(void *state, const struct sm_waker *waker, enum sm_poll *out_poll,
                                   void **out_value) {
    (void)state;
    (void)waker;
    (void)out_value;
    *out_poll = SM_POLL_PENDING;
    return SM_OK;
}

static void drop_nothing(void *state) {
    (void)state;
}

static const struct sm_future_vtable pending = {sizeof(void *), _Alignof(void *), poll_nothing, drop_nothing};
static void *const state;
static const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &pending, &state};

static void end(void *context) {
    struct run *run = context;
    run->ops.destroy(run->future);
    free(run);
}

static void *begin(const struct sm_subject_tables *subject) {
    struct run *run = calloc(1, sizeof *run);
    if (run == NULL) {
        return NULL;
    }
    run->ops = subject->future;
    if (run->ops.create(&source, &run->future) != SM_OK) {
        free(run);
        return NULL;
    }
    return run;
}

static void poll_pending(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*poll)(struct sm_future *, const struct sm_waker *, enum sm_poll *, void **) = run->ops.poll;
    do {
        enum sm_poll found;
        void *value;
        poll(run->future, NULL, &found, &value);
    } while (--rounds != 0);
}

static void ready_poll_destroy(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*ready)(const struct sm_value_type *, void *, struct sm_future **) = run->ops.ready;
    enum sm_status (*poll)(struct sm_future *, const struct sm_waker *, enum sm_poll *, void **) = run->ops.poll;
    enum sm_status (*destroy)(struct sm_future *) = run->ops.destroy;
    do {
        struct sm_future *future = NULL;
        enum sm_poll found;
        void *value;
        ready(&sm_bench_words, context, &future);
        poll(future, NULL, &found, &value);
        destroy(future);
    } while (--rounds != 0);
}

static void create_destroy(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*create)(const struct sm_future_source *, struct sm_future **) = run->ops.create;
    enum sm_status (*destroy)(struct sm_future *) = run->ops.destroy;
    do {
        struct sm_future *future = NULL;
        create(&source, &future);
        destroy(future);
    } while (--rounds != 0);
}

static void *make(void *context) {
    struct sm_future *future = NULL;
    ((struct run *)context)->ops.create(&source, &future);
    return future;
}

static void unmake(void *context, void *future) {
    ((struct run *)context)->ops.destroy(future);
}

#define BENCH(bench, ...)                                                                                              \
    extern const struct sm_bench sm_bench_future_##bench;                                                              \
    const struct sm_bench sm_bench_future_##bench = {                                                                  \
        .name = "future/" #bench, .profile = SM_PROFILE_FUTURE, .run = bench, .end = end, __VA_ARGS__}

BENCH(poll_pending, .what = "poll a future that is not ready", .begin = begin);
BENCH(ready_poll_destroy, .what = "make a ready future, poll it, destroy it", .begin = begin);
BENCH(create_destroy, .what = "box a future of one word, destroy it", .begin = begin, .object = "future of a word",
      .make = make, .unmake = unmake);
