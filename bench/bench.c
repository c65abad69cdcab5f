// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/bench.h"

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

// SM_BENCHES lists them in the order in which they run and print: X(profile, name), for what bench/<profile>.c defines.
#define SM_BENCHES(X)                                                                                                  \
    X(slot, put_take)                                                                                                  \
    X(slot, put_put)                                                                                                   \
    X(slot, take_empty)                                                                                                \
    X(slot, exchange)                                                                                                  \
    X(slot, create_destroy)                                                                                            \
    X(effect, round_trip)                                                                                              \
    X(effect, request_pending)                                                                                         \
    X(effect, create_destroy)                                                                                          \
    X(future, poll_pending)                                                                                            \
    X(future, ready_poll_destroy)                                                                                      \
    X(future, create_destroy)

#define SM_X(profile, name) extern const struct sm_bench sm_bench_##profile##_##name;
SM_BENCHES(SM_X)
#undef SM_X

const struct sm_bench *const sm_benches[] = {
#define SM_X(profile, name) &sm_bench_##profile##_##name,
    SM_BENCHES(SM_X)
#undef SM_X
};
const unsigned sm_bench_count = sizeof sm_benches / sizeof sm_benches[0];
