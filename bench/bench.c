// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/bench.h"

#include "conformance/harness/allocation.h"

enum { LINE = 128 }; // two lines: processors fetch them in pairs

void *sm_bench_begin(const struct sm_bench *bench, const struct sm_subject_tables *subject) {
    sm_allocation_watch(1);
    sm_allocation_align(LINE);
    void *context = bench->begin(subject);
    sm_allocation_align(0);
    sm_allocation_watch(0);
    return context;
}

static void drop_word(void *context, void *value) {
    (void)context;
    (void)value;
}

static enum sm_status clone_word(void *context, const void *value, void **out_value) {
    (void)context;
    *out_value = (void *)(uintptr_t)value;
    return SM_OK;
}

const struct sm_value_type sm_bench_words = {sizeof sm_bench_words, NULL, drop_word, clone_word};

static enum sm_status clone_waker(const void *data, struct sm_waker *out_waker) {
    (void)data;
    *out_waker = sm_bench_waker;
    return SM_OK;
}

static void use_waker(void *data) {
    (void)data;
}

static void use_waker_by_ref(const void *data) {
    (void)data;
}

static const struct sm_waker_vtable waker_code = {clone_waker, use_waker, use_waker_by_ref, use_waker};

const struct sm_waker sm_bench_waker = {NULL, &waker_code};

// SM_BENCHES lists them in the order in which they run and print: X(profile, name), for what bench/<profile>.c defines.
#define SM_BENCHES(X)                                                                                                  \
    X(slot, put_take)                                                                                                  \
    X(slot, put_put)                                                                                                   \
    X(slot, take_empty)                                                                                                \
    X(slot, exchange)                                                                                                  \
    X(slot, create_destroy)                                                                                            \
    X(slot, hand_over)                                                                                                 \
    X(slot, delivery)                                                                                                  \
    X(effect, round_trip)                                                                                              \
    X(effect, ask)                                                                                                     \
    X(effect, request_pending)                                                                                         \
    X(effect, create_destroy)                                                                                          \
    X(future, poll_pending)                                                                                            \
    X(future, ready_poll_destroy)                                                                                      \
    X(future, create_destroy)                                                                                          \
    X(waker, clone_drop)                                                                                               \
    X(waker, wake_take)                                                                                                \
    X(waker, clone_wake_drop)                                                                                          \
    X(waker, wake_take_64)                                                                                             \
    X(waker, take_woken)                                                                                               \
    X(waker, delivery)                                                                                                 \
    X(waker, wake_woken)                                                                                               \
    X(waker, begin_end)                                                                                                \
    X(waker, will_wake)                                                                                                \
    X(waker, create_destroy)                                                                                           \
    X(waker, register_wake)                                                                                            \
    X(waker, register_again)                                                                                           \
    X(waker, wake_nobody)                                                                                              \
    X(oneshot, life)                                                                                                   \
    X(oneshot, awaited_life)                                                                                           \
    X(oneshot, ends_life)                                                                                              \
    X(promise, life)                                                                                                   \
    X(promise, awaited_life)                                                                                           \
    X(promise, poll_pending)                                                                                           \
    X(promise, turn_idle)                                                                                              \
    X(call, life)                                                                                                      \
    X(call, ready_life)                                                                                                \
    X(call, create_destroy)                                                                                            \
    X(call, foreign_life)                                                                                              \
    X(handle, borrow_1024)                                                                                             \
    X(handle, borrow_million)                                                                                          \
    X(handle, acquire_release_1024)                                                                                    \
    X(handle, acquire_release_million)                                                                                 \
    X(handle, stale_1024)                                                                                              \
    X(handle, insert_remove)                                                                                           \
    X(handle, replace_1024)                                                                                            \
    X(handle, replace_million)                                                                                         \
    X(handle, replace_borrowed_1024)

#define SM_X(profile, name) extern const struct sm_bench sm_bench_##profile##_##name;
SM_BENCHES(SM_X)
#undef SM_X

const struct sm_bench *const sm_benches[] = {
#define SM_X(profile, name) &sm_bench_##profile##_##name,
    SM_BENCHES(SM_X)
#undef SM_X
};
const unsigned sm_bench_count = sizeof sm_benches / sizeof sm_benches[0];
