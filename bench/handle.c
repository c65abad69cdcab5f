// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The benches of the profile `handle`: on a table of 1,024 live objects, which lie in the nearest cache, and on one of
// 2^20, of which 65,536 are used, in an order that is drawn once: each lies on a line of its own, farther away.
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "bench/bench.h"
#include "conformance/harness/allocation.h"
#include "conformance/harness/random.h"

enum { THOUSAND = 1 << 10, MILLION = 1 << 20, USED_MAX = 1 << 16, WARM_ROUNDS = 1 << 6, LIVE = 100000 };

struct run {
    struct sm_handle_ops ops;
    struct sm_handle_table *table;
    uint64_t *handles;
    uint64_t used;                       // the first of them are used
    _Alignas(128) _Atomic uint64_t next; // which is next: each call takes as many as it has rounds
};

static void drop_block(void *context, void *value) {
    (void)context;
    free(value);
}
static const struct sm_value_type blocks = {sizeof blocks, NULL, drop_block, NULL};

enum { BLOCK_BYTES = 64 };

static void end(void *context) {
    struct run *run = context;
    if (run->table != NULL) {
        run->ops.destroy(run->table);
    }
    free(run->handles);
    free(run);
}

// begin makes a table of `count` objects, which lie as malloc lays them. `borrows` says whether it is for borrows.
static struct run *begin(const struct sm_subject_tables *subject, const struct sm_value_type *type, uint64_t count,
                         uint32_t borrows) {
    const struct sm_handle_options options = {.size = sizeof options, .borrows = borrows};
    struct run *run = aligned_alloc(_Alignof(struct run), sizeof *run);
    if (run == NULL) {
        return NULL;
    }
    *run = (struct run){.table = NULL};
    run->ops = subject->handle;
    run->used = count < USED_MAX ? count : USED_MAX;
    run->handles = malloc(count * sizeof *run->handles);
    int made = run->handles != NULL && run->ops.create(&options, type, &run->table) == SM_OK;
    sm_allocation_align(0);
    for (uint64_t i = 0; made && i < count; i++) {
        void *value = type == &blocks ? malloc(BLOCK_BYTES) : run;
        made = value != NULL && run->ops.insert(run->table, value, &run->handles[i]) == SM_OK;
    }
    if (!made) {
        end(run);
        return NULL;
    }
    uint64_t random = 1;
    for (uint64_t i = count - 1; i > 0; i--) {
        uint64_t k = sm_random(&random) % (i + 1), handle = run->handles[i];
        run->handles[i] = run->handles[k];
        run->handles[k] = handle;
    }
    return run;
}

static uint64_t take_rounds(struct run *run, uint64_t rounds) {
    return atomic_fetch_add_explicit(&run->next, rounds, memory_order_relaxed);
}

static void borrow(void *context, uint64_t rounds) {
    struct run *run = context;
    enum sm_status (*borrow_begin)(struct sm_handle_table *, uint64_t, void **) = run->ops.borrow_begin;
    void (*borrow_end)(struct sm_handle_table *, uint64_t) = run->ops.borrow_end;
    uint64_t last = run->used - 1, i = take_rounds(run, rounds);
    do {
        void *value;
        uint64_t handle = run->handles[i++ & last];
        borrow_begin(run->table, handle, &value);
        borrow_end(run->table, handle);
    } while (--rounds != 0);
}

static void acquire_release(void *context, uint64_t rounds) {
    struct run *run = context;
    enum sm_status (*acquire)(struct sm_handle_table *, uint64_t, void **) = run->ops.acquire;
    enum sm_status (*release)(struct sm_handle_table *, uint64_t) = run->ops.release;
    uint64_t last = run->used - 1, i = take_rounds(run, rounds);
    do {
        void *value;
        uint64_t handle = run->handles[i++ & last];
        acquire(run->table, handle, &value);
        release(run->table, handle);
    } while (--rounds != 0);
}

static void stale(void *context, uint64_t rounds) {
    struct run *run = context;
    enum sm_status (*acquire)(struct sm_handle_table *, uint64_t, void **) = run->ops.acquire;
    uint64_t last = run->used - 1, i = take_rounds(run, rounds);
    do {
        void *value;
        acquire(run->table, run->handles[i++ & last], &value);
    } while (--rounds != 0);
}

static void replace(void *context, uint64_t rounds) {
    struct run *run = context;
    enum sm_status (*insert)(struct sm_handle_table *, void *, uint64_t *) = run->ops.insert;
    enum sm_status (*remove)(struct sm_handle_table *, uint64_t) = run->ops.remove;
    uint64_t last = run->used - 1, i = take_rounds(run, rounds);
    do {
        uint64_t *handle = &run->handles[i++ & last];
        remove(run->table, *handle);
        insert(run->table, malloc(BLOCK_BYTES), handle);
    } while (--rounds != 0);
}

static void insert_remove(void *context, uint64_t rounds) {
    const struct run *run = context;
    enum sm_status (*insert)(struct sm_handle_table *, void *, uint64_t *) = run->ops.insert;
    enum sm_status (*remove)(struct sm_handle_table *, uint64_t) = run->ops.remove;
    do {
        uint64_t handle = 0;
        insert(run->table, malloc(BLOCK_BYTES), &handle);
        remove(run->table, handle);
    } while (--rounds != 0);
}

// warmed passes once over the objects that are used, or, where that takes long, over some: no epoch would come to all
// of them before many are timed.
static struct run *warmed(struct run *run, void (*round)(void *context, uint64_t rounds)) {
    clock_t began = clock();
    for (uint64_t i = 0; run != NULL && i < run->used && clock() - began < CLOCKS_PER_SEC / 20; i += WARM_ROUNDS) {
        round(run, WARM_ROUNDS);
    }
    return run;
}

static void *begin_borrow_1024(const struct sm_subject_tables *subject) {
    return subject->handle.borrow_begin != NULL ? begin(subject, &sm_bench_words, THOUSAND, 1) : NULL;
}

static void *begin_borrow_million(const struct sm_subject_tables *subject) {
    return subject->handle.borrow_begin != NULL ? warmed(begin(subject, &sm_bench_words, MILLION, 1), borrow) : NULL;
}

static void *begin_acquire_1024(const struct sm_subject_tables *subject) {
    return subject->handle.acquire != NULL ? begin(subject, &sm_bench_words, THOUSAND, 0) : NULL;
}

static void *begin_acquire_million(const struct sm_subject_tables *subject) {
    return subject->handle.acquire != NULL ? warmed(begin(subject, &sm_bench_words, MILLION, 0), acquire_release)
                                           : NULL;
}

static void *begin_blocks_1024(const struct sm_subject_tables *subject) {
    return begin(subject, &blocks, THOUSAND, 0);
}

static void *begin_blocks_million(const struct sm_subject_tables *subject) {
    return warmed(begin(subject, &blocks, MILLION, 0), replace);
}

static void *begin_borrowed_blocks_1024(const struct sm_subject_tables *subject) {
    return begin(subject, &blocks, THOUSAND, 1);
}

static void *begin_stale_1024(const struct sm_subject_tables *subject) {
    struct run *run = begin_acquire_1024(subject);
    for (uint64_t i = 0; run != NULL && i < run->used; i++) {
        run->ops.remove(run->table, run->handles[i]);
    }
    return run;
}

// make makes a handle live, and finds an object to stand for it.
static void *make(void *context) {
    struct run *run = context;
    uint64_t handle;
    return run->ops.insert(run->table, run, &handle) == SM_OK ? run : NULL;
}

#define BENCH(bench, begins, runs, says, ...)                                                                          \
    extern const struct sm_bench sm_bench_handle_##bench;                                                              \
    const struct sm_bench sm_bench_handle_##bench = {.name = "handle/" #bench,                                         \
                                                     .what = says,                                                     \
                                                     .profile = SM_PROFILE_HANDLE,                                     \
                                                     .begin = begins,                                                  \
                                                     .run = runs,                                                      \
                                                     .end = end,                                                       \
                                                     __VA_ARGS__}

BENCH(borrow_1024, begin_borrow_1024, borrow, "borrow an object, end it; 1,024 live", .shared = 1);
BENCH(borrow_million, begin_borrow_million, borrow, "the same; 2^20 live", .smaller = &sm_bench_handle_borrow_1024);
BENCH(acquire_release_1024, begin_acquire_1024, acquire_release, "acquire an object, release it; 1,024 live",
      .shared = 1, .object = "live handle", .objects = LIVE, .make = make);
BENCH(acquire_release_million, begin_acquire_million, acquire_release, "the same; 2^20 live",
      .smaller = &sm_bench_handle_acquire_release_1024);
BENCH(stale_1024, begin_stale_1024, stale, "acquire by a stale handle");
BENCH(insert_remove, begin_blocks_1024, insert_remove, "insert an object, remove it, malloc and free of it",
      .shared = 1);
BENCH(replace_1024, begin_blocks_1024, replace,
      "remove an object, insert another, malloc and free of both; 1,024 live");
BENCH(replace_million, begin_blocks_million, replace, "the same; 2^20 live", .smaller = &sm_bench_handle_replace_1024);
BENCH(replace_borrowed_1024, begin_borrowed_blocks_1024, replace, "the same in a table for borrows; 1,024 live");
