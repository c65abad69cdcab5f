// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The registry under load: keys that are added, found and removed by four threads at once, and what stale keys reach.
#undef NDEBUG
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "reference/effect_registry.h"

static void drop_nothing(void *context, void *value) {
    (void)context;
    (void)value;
}

static void count_drop(void *context, void *value) {
    (void)value;
    atomic_fetch_add((atomic_ulong *)context, 1);
}

static enum sm_status clone_word(void *context, const void *value, void **out_value) {
    (void)context;
    *out_value = (void *)(uintptr_t)value;
    return SM_OK;
}

static const struct sm_value_type words = {sizeof words, NULL, drop_nothing, clone_word};

static struct sm_effect_registry *registry_of(uint32_t capacity, const struct sm_value_type *responses) {
    struct sm_effect_registry *registry = NULL;
    assert(sm_effect_registry_create(capacity, &words, responses, &registry) == SM_OK && registry != NULL);
    return registry;
}

static void keys_have_their_statuses(void) {
    struct sm_effect_registry *registry = registry_of(0, &words);
    struct sm_effect *effect;
    uint64_t first, second;
    assert(sm_effect_registry_find(registry, (uint64_t)1 << 32, &effect) == SM_UNKNOWN); // no entry yet
    assert(sm_effect_registry_add(registry, &first) == SM_OK && first != 0);
    assert(sm_effect_registry_find(registry, 0, &effect) == SM_INVALID);
    assert(sm_effect_registry_find(registry, (uint32_t)first, &effect) == SM_INVALID); // generation 0 of entry 0 is 0
    assert(sm_effect_registry_find(registry, (uint32_t)first + 1, &effect) == SM_UNKNOWN);
    assert(sm_effect_registry_find(registry, first + 1, &effect) == SM_UNKNOWN);                   // another entry
    assert(sm_effect_registry_find(registry, first + ((uint64_t)1 << 32), &effect) == SM_UNKNOWN); // a later generation
    assert(sm_effect_registry_find(registry, UINT64_MAX, &effect) == SM_UNKNOWN);
    assert(sm_effect_registry_remove(registry, UINT64_MAX) == SM_UNKNOWN);
    assert(sm_effect_registry_remove(registry, first) == SM_OK);
    assert(sm_effect_registry_remove(registry, first) == SM_STALE);
    assert(sm_effect_registry_add(registry, &second) == SM_OK && second != first);
    assert((uint32_t)second == (uint32_t)first); // the same entry, so that the next line is worth something
    assert(sm_effect_registry_find(registry, first, &effect) == SM_STALE);
    assert(sm_effect_registry_find(registry, second, &effect) == SM_OK);
    sm_effect_registry_destroy(registry);
    assert(sm_effect_share(effect) == SM_OK); // lives on
    sm_effect_destroy(effect);
    sm_effect_destroy(effect);
}

// Entries of several chunks, all alive at once, each with a channel of its own.
static void chunks_keep_their_entries(void) {
    enum { COUNT = 5000 };
    static uint64_t keys[COUNT];
    struct sm_effect_registry *registry = registry_of(0, &words);
    struct sm_effect *effect;
    for (uintptr_t i = 0; i < COUNT; i++) {
        assert(sm_effect_registry_add(registry, &keys[i]) == SM_OK);
        assert(sm_effect_registry_find(registry, keys[i], &effect) == SM_OK);
        assert(sm_effect_fulfill(effect, (void *)i) == SM_OK);
        sm_effect_destroy(effect);
    }
    for (uintptr_t i = 0; i < COUNT; i++) {
        enum sm_poll found;
        void *out;
        assert(sm_effect_registry_find(registry, keys[i], &effect) == SM_OK);
        assert(sm_effect_request(effect, NULL, &found, &out) == SM_OK && found == SM_POLL_READY && out == (void *)i);
        sm_effect_destroy(effect);
        assert(i % 2 == 0 || sm_effect_registry_remove(registry, keys[i]) == SM_OK);
    }
    sm_effect_registry_destroy(registry);
}

// Exactly the capacity, again and again.
static void capacity_is_exact(void) {
    enum { CAPACITY = 3 };
    uint64_t keys[CAPACITY], extra;
    struct sm_effect_registry *registry = registry_of(CAPACITY, &words);
    for (unsigned turn = 0; turn < 4; turn++) {
        for (unsigned i = 0; i < CAPACITY; i++) {
            assert(sm_effect_registry_add(registry, &keys[i]) == SM_OK);
        }
        assert(sm_effect_registry_add(registry, &extra) == SM_EXHAUSTED);
        assert(sm_effect_registry_remove(registry, keys[1]) == SM_OK);
        assert(sm_effect_registry_add(registry, &keys[1]) == SM_OK);
        for (unsigned i = 0; i < CAPACITY; i++) {
            assert(sm_effect_registry_remove(registry, keys[i]) == SM_OK);
        }
    }
    sm_effect_registry_destroy(registry);
}

// Four threads write keys into a small board and find and remove what they read there, so that finds, removes and
// second removes of one key meet. Each channel holds its key as a response: a find that reached another channel would
// read another.
enum { THREADS = 4, ROUNDS = 50000, BOARD = 8 };

struct load {
    struct sm_effect_registry *registry;
    _Atomic(uint64_t) board[BOARD];
    atomic_ulong added, removed, found, stale, exhausted;
};

struct worker {
    struct load *load;
    uint64_t random;
};

static uint64_t next_random(struct worker *worker) {
    worker->random ^= worker->random << 13;
    worker->random ^= worker->random >> 7;
    worker->random ^= worker->random << 17;
    return worker->random;
}

static void add_one(struct load *load, _Atomic(uint64_t) *place) {
    uint64_t key;
    enum sm_status status = sm_effect_registry_add(load->registry, &key);
    if (status == SM_EXHAUSTED) {
        atomic_fetch_add(&load->exhausted, 1);
        return;
    }
    assert(status == SM_OK);
    atomic_fetch_add(&load->added, 1);
    struct sm_effect *effect;
    assert(sm_effect_registry_find(load->registry, key, &effect) == SM_OK);
    assert(sm_effect_fulfill(effect, (void *)(uintptr_t)key) == SM_OK);
    sm_effect_destroy(effect);
    uint64_t old = atomic_exchange(place, key);
    if (old != 0 && sm_effect_registry_remove(load->registry, old) == SM_OK) {
        atomic_fetch_add(&load->removed, 1);
    }
}

static void find_one(struct load *load, uint64_t key) {
    struct sm_effect *effect;
    enum sm_status status = sm_effect_registry_find(load->registry, key, &effect);
    if (status == SM_OK) {
        enum sm_poll found;
        void *out;
        assert(sm_effect_request(effect, NULL, &found, &out) == SM_OK);
        if (found == SM_POLL_READY) { // else another thread is between these two lines
            assert(out == (void *)(uintptr_t)key);
            assert(sm_effect_fulfill(effect, out) == SM_OK);
        }
        sm_effect_destroy(effect);
        atomic_fetch_add(&load->found, 1);
    } else {
        assert(status == SM_STALE);
        atomic_fetch_add(&load->stale, 1);
    }
}

static void *work(void *argument) {
    struct worker *worker = argument;
    struct load *load = worker->load;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t random = next_random(worker);
        _Atomic(uint64_t) *place = &load->board[random % BOARD];
        uint64_t key = atomic_load(place);
        if (key == 0 || random >> 32 & 1) {
            add_one(load, place);
        } else if (random >> 33 & 1) {
            find_one(load, key);
        } else if (sm_effect_registry_remove(load->registry, key) == SM_OK) {
            atomic_fetch_add(&load->removed, 1);
        }
    }
    return NULL;
}

static void threads_share_a_registry(uint32_t capacity) {
    atomic_ulong dropped = 0;
    const struct sm_value_type counted = {sizeof counted, &dropped, count_drop, NULL};
    struct load load = {.registry = registry_of(capacity, &counted)};
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){&load, 0x9e3779b97f4a7c15u * (i + 1)};
        assert(pthread_create(&threads[i], NULL, work, &workers[i]) == 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        assert(pthread_join(threads[i], NULL) == 0);
    }
    assert(load.added > 0 && load.removed > 0 && load.found > 0 && load.stale > 0);
    assert(capacity != 0 || load.exhausted == 0);
    assert(load.removed <= load.added && (capacity == 0 || load.added - load.removed <= capacity));
    if (capacity != 0) { // what is live is what was counted: the rest can be added, and no more
        uint64_t key;
        for (unsigned long live = load.added - load.removed; live < capacity; live++) {
            assert(sm_effect_registry_add(load.registry, &key) == SM_OK);
        }
        assert(sm_effect_registry_add(load.registry, &key) == SM_EXHAUSTED);
    }
    sm_effect_registry_destroy(load.registry);
    assert(dropped == load.added); // each channel's response, once, with its channel
}

int main(void) {
    keys_have_their_statuses();
    chunks_keep_their_entries();
    capacity_is_exact();
    threads_share_a_registry(0);
    threads_share_a_registry(BOARD - 2);
    return 0;
}
