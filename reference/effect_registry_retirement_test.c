// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Retirement: what becomes of an entry whose generations are used up. Built with a registry whose entries have few.
#undef NDEBUG
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

#include "reference/effect_registry.h"

#ifndef SM_EFFECT_REGISTRY_GENERATION_MAX
#error "to be built with the limit that effect_registry.c is built with"
#endif

enum { LIMIT = SM_EFFECT_REGISTRY_GENERATION_MAX, THREADS = 4, ROUNDS = 5000, COUNT = THREADS * ROUNDS };

static void drop_nothing(void *context, void *value) {
    (void)context;
    (void)value;
}

static enum sm_status clone_word(void *context, const void *value, void **out_value) {
    (void)context;
    *out_value = (void *)(uintptr_t)value;
    return SM_OK;
}

static const struct sm_value_type words = {sizeof words, NULL, drop_nothing, clone_word};

struct worker {
    struct sm_effect_registry *registry;
    uint64_t keys[ROUNDS];
};

static void *add_and_remove(void *argument) {
    struct worker *worker = argument;
    for (unsigned i = 0; i < ROUNDS; i++) {
        enum sm_status status = sm_effect_registry_add(worker->registry, &worker->keys[i]);
        assert(status == SM_OK);
        assert(sm_effect_registry_remove(worker->registry, worker->keys[i]) == SM_OK);
    }
    return NULL;
}

static int compare_keys(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

// However many more keys are issued than an entry has generations: none twice, none beyond the limit, all stale at the
// end.
static void keys_never_come_again(uint32_t capacity) {
    static struct worker workers[THREADS];
    static uint64_t keys[COUNT];
    struct sm_effect_registry *registry;
    pthread_t threads[THREADS];
    assert(sm_effect_registry_create(capacity, &words, &words, &registry) == SM_OK);
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i].registry = registry;
        assert(pthread_create(&threads[i], NULL, add_and_remove, &workers[i]) == 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        assert(pthread_join(threads[i], NULL) == 0);
        for (unsigned j = 0; j < ROUNDS; j++) {
            keys[i * ROUNDS + j] = workers[i].keys[j];
        }
    }
    qsort(keys, COUNT, sizeof keys[0], compare_keys);
    unsigned last_generations = 0;
    for (unsigned i = 0; i < COUNT; i++) {
        struct sm_effect *effect;
        uint64_t generation = keys[i] >> 32;
        assert(generation >= 1 && generation <= LIMIT);
        assert(i == 0 || keys[i - 1] != keys[i]);
        assert(sm_effect_registry_find(registry, keys[i], &effect) == SM_STALE);
        last_generations += generation == LIMIT;
    }
    assert(last_generations >= (COUNT - THREADS * LIMIT) / LIMIT); // entries did retire: at most THREADS are unfinished
    sm_effect_registry_destroy(registry);
}

// An entry goes through its generations in order, and then another takes its place.
static void entries_retire_one_after_another(void) {
    struct sm_effect_registry *registry;
    uint64_t key;
    assert(sm_effect_registry_create(1, &words, &words, &registry) == SM_OK); // and so a capacity of 1 does not shrink
    for (uint64_t index = 0; index < 600; index++) {
        for (uint64_t generation = 1; generation <= LIMIT; generation++) {
            assert(sm_effect_registry_add(registry, &key) == SM_OK);
            assert(key == (generation << 32 | index));
            assert(sm_effect_registry_remove(registry, key) == SM_OK);
        }
    }
    sm_effect_registry_destroy(registry);
}

int main(void) {
    entries_retire_one_after_another();
    keys_never_come_again(0);
    keys_never_come_again(THREADS);
    return 0;
}
