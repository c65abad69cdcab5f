// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The benches of the profile `call`.
#include <stdlib.h>

#include "bench/bench.h"

struct run {
    struct sm_call_ops ops;
    struct sm_waker waker; // that the future kept; no vtable: the next poll keeps one and is pending
    uint64_t token;        // that the host's method was given
};

static enum sm_status poll_ready(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    (void)waker;
    *out_poll = SM_POLL_READY;
    *out_value = *(void **)state;
    return SM_OK;
}

// poll_twice is pending until its waker has been used.
static enum sm_status poll_twice(void *state, const struct sm_waker *waker, enum sm_poll *out_poll, void **out_value) {
    struct run *run = *(struct run **)state;
    if (run->waker.vtable != NULL) {
        return poll_ready(state, waker, out_poll, out_value);
    }
    *out_poll = SM_POLL_PENDING;
    return waker->vtable->clone(waker->data, &run->waker);
}

static void drop_nothing(void *state) {
    (void)state;
}

static const struct sm_future_vtable ready_code = {sizeof(void *), _Alignof(void *), poll_ready, drop_nothing};
static const struct sm_future_vtable twice_code = {sizeof(void *), _Alignof(void *), poll_twice, drop_nothing};

static void continue_nothing(void *data, enum sm_call_code code) {
    (void)data;
    (void)code;
}

static void start(void *context, uint64_t token) {
    ((struct run *)context)->token = token;
}

static void end(void *context) {
    free(context);
}

static void *begin(const struct sm_subject_tables *subject) {
    struct run *run = subject->call.call_create != NULL ? calloc(1, sizeof *run) : NULL;
    if (run != NULL) {
        run->ops = subject->call;
    }
    return run;
}

static void *begin_foreign(const struct sm_subject_tables *subject) {
    struct run *run = subject->call.foreign_call != NULL ? calloc(1, sizeof *run) : NULL;
    if (run != NULL) {
        run->ops = subject->call;
    }
    return run;
}

static void life(void *context, uint64_t rounds) {
    struct run *run = context;
    const struct sm_call_ops ops = run->ops;
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &twice_code, &context};
    do {
        struct sm_call *call = NULL;
        void *value;
        ops.call_create(&source, &sm_bench_words, &call);
        run->waker.vtable = NULL;
        ops.call_poll(call, continue_nothing, context);
        run->waker.vtable->wake(run->waker.data);
        ops.call_poll(call, continue_nothing, context);
        ops.call_complete(call, &value);
        ops.call_destroy(call);
    } while (--rounds != 0);
}

static void ready_life(void *context, uint64_t rounds) {
    const struct run *run = context;
    const struct sm_call_ops ops = run->ops;
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &ready_code, &context};
    do {
        struct sm_call *call = NULL;
        void *value;
        ops.call_create(&source, &sm_bench_words, &call);
        ops.call_poll(call, continue_nothing, context);
        ops.call_complete(call, &value);
        ops.call_destroy(call);
    } while (--rounds != 0);
}

static void create_destroy(void *context, uint64_t rounds) {
    const struct run *run = context;
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &ready_code, &context};
    do {
        struct sm_call *call = NULL;
        run->ops.call_create(&source, &sm_bench_words, &call);
        run->ops.call_destroy(call);
    } while (--rounds != 0);
}

static void foreign_life(void *context, uint64_t rounds) {
    const struct run *run = context;
    const struct sm_call_ops ops = run->ops;
    const struct sm_foreign_method method = {sizeof method, context, start, NULL};
    do {
        struct sm_foreign *foreign = NULL;
        enum sm_poll poll;
        void *value;
        ops.foreign_call(&method, &sm_bench_words, &foreign);
        ops.foreign_complete(run->token, SM_OK, context);
        ops.foreign_poll(foreign, &sm_bench_waker, &poll, &value);
        ops.foreign_destroy(foreign);
    } while (--rounds != 0);
}

static void *make(void *context) {
    const struct sm_future_source source = {sizeof source, SM_FORM_SENDABLE, &ready_code, &context};
    struct sm_call *call = NULL;
    ((struct run *)context)->ops.call_create(&source, &sm_bench_words, &call);
    return call;
}

static void unmake(void *context, void *call) {
    ((struct run *)context)->ops.call_destroy(call);
}

#define BENCH(bench, ...)                                                                                              \
    extern const struct sm_bench sm_bench_call_##bench;                                                                \
    const struct sm_bench sm_bench_call_##bench = {                                                                    \
        .name = "call/" #bench, .profile = SM_PROFILE_CALL, .run = bench, .end = end, __VA_ARGS__}

BENCH(life, .what = "create, poll pending, wake, poll ready, complete, destroy", .begin = begin);
BENCH(ready_life, .what = "create, poll ready, complete, destroy", .begin = begin);
BENCH(create_destroy, .what = "create a call, destroy it", .begin = begin, .object = "call of a word", .make = make,
      .unmake = unmake);
BENCH(foreign_life, .what = "call the host, complete the token, poll, destroy", .begin = begin_foreign);
