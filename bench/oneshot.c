// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The benches of the profile `oneshot`.
#include <stdlib.h>

#include "bench/bench.h"

struct sides {
    struct sm_oneshot_writer *writer;
    struct sm_oneshot_reader *reader;
};

struct run {
    struct sm_oneshot_ops ops;
    struct sides made[SM_BENCH_OBJECTS];
    unsigned made_count;
};

static void end(void *context) {
    free(context);
}

static void *begin(const struct sm_subject_tables *subject) {
    struct run *run = subject->oneshot.channel_create == NULL ? NULL : calloc(1, sizeof *run);
    if (run != NULL) {
        run->ops = subject->oneshot;
    }
    return run;
}

static void *begin_ends(const struct sm_subject_tables *subject) {
    struct run *run = subject->oneshot.end_create == NULL ? NULL : calloc(1, sizeof *run);
    if (run != NULL) {
        run->ops = subject->oneshot;
    }
    return run;
}

static void life(void *context, uint64_t rounds) {
    const struct run *run = context;
    const struct sm_oneshot_ops ops = run->ops;
    do {
        struct sm_oneshot_writer *writer = NULL;
        struct sm_oneshot_reader *reader = NULL;
        enum sm_poll poll;
        void *value;
        ops.channel_create(&sm_bench_words, &writer, &reader);
        ops.channel_write(writer, context);
        ops.channel_read(reader, &sm_bench_waker, &poll, &value);
        ops.channel_drop_reader(reader);
    } while (--rounds != 0);
}

static void awaited_life(void *context, uint64_t rounds) {
    const struct run *run = context;
    const struct sm_oneshot_ops ops = run->ops;
    do {
        struct sm_oneshot_writer *writer = NULL;
        struct sm_oneshot_reader *reader = NULL;
        enum sm_poll poll;
        void *value;
        ops.channel_create(&sm_bench_words, &writer, &reader);
        ops.channel_read(reader, &sm_bench_waker, &poll, &value);
        ops.channel_write(writer, context);
        ops.channel_read(reader, &sm_bench_waker, &poll, &value);
        ops.channel_drop_reader(reader);
    } while (--rounds != 0);
}

static void ends_life(void *context, uint64_t rounds) {
    const struct run *run = context;
    const struct sm_oneshot_ops ops = run->ops;
    do {
        struct sm_oneshot_end *reader = NULL, *writer = NULL;
        uint64_t in = rounds, out;
        uint32_t word;
        ops.end_create(sizeof in, _Alignof(uint64_t), &reader, &writer);
        ops.end_read(reader, &out, &word);
        ops.end_poll(reader, &sm_bench_waker, &word);
        ops.end_write(writer, &in, &word);
        ops.end_poll(reader, NULL, &word);
        ops.end_drop(reader);
        ops.end_drop(writer);
    } while (--rounds != 0);
}

static void *make(void *context) {
    struct run *run = context;
    struct sides *one = &run->made[run->made_count];
    if (run->ops.channel_create(&sm_bench_words, &one->writer, &one->reader) != SM_OK) {
        return NULL;
    }
    run->made_count++;
    return one;
}

static void unmake(void *context, void *object) {
    struct run *run = context;
    const struct sides *one = object;
    run->ops.channel_drop_writer(one->writer);
    run->ops.channel_drop_reader(one->reader);
    run->made_count--;
}

extern const struct sm_bench sm_bench_oneshot_life;
const struct sm_bench sm_bench_oneshot_life = {.name = "oneshot/life",
                                               .what = "create a channel, write, read, free",
                                               .profile = SM_PROFILE_ONESHOT,
                                               .begin = begin,
                                               .run = life,
                                               .end = end,
                                               .object = "a channel",
                                               .make = make,
                                               .unmake = unmake};

extern const struct sm_bench sm_bench_oneshot_awaited_life;
const struct sm_bench sm_bench_oneshot_awaited_life = {.name = "oneshot/awaited_life",
                                                       .what = "the same, read first in vain with a waker",
                                                       .profile = SM_PROFILE_ONESHOT,
                                                       .begin = begin,
                                                       .run = awaited_life,
                                                       .end = end};

extern const struct sm_bench sm_bench_oneshot_ends_life;
const struct sm_bench sm_bench_oneshot_ends_life = {.name = "oneshot/ends_life",
                                                    .what =
                                                        "create two ends, read with a waker, write, poll, drop both",
                                                    .profile = SM_PROFILE_ONESHOT,
                                                    .begin = begin_ends,
                                                    .run = ends_life,
                                                    .end = end};
