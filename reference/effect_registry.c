// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/effect_registry.h"

#include <stdatomic.h>
#include <stdlib.h>

// SM_EFFECT_REGISTRY_GENERATION_MAX is the last generation of an entry. The test of retirement lowers it.
#ifndef SM_EFFECT_REGISTRY_GENERATION_MAX
#define SM_EFFECT_REGISTRY_GENERATION_MAX UINT32_MAX
#endif

// The word of an entry: generation:32 | removed:1 | pins:31. Of an entry that was never issued it is 0. There are never
// 2^31 calls in progress, so the pins do not run over.
#define REMOVED ((uint64_t)1 << 31)

struct entry {
    _Atomic(uint64_t) word;
    _Atomic(uint64_t) content; // the channel's address; the last key of the next free entry, 0 at the list's end
};

// Chunk 0 holds the entries 0 to FIRST - 1, and each later one as many as all before it: [FIRST << (n - 1), FIRST <<
// n).
enum { FIRST_BITS = 8, FIRST = 1 << FIRST_BITS, CHUNKS = 1 + 32 - FIRST_BITS };

struct sm_effect_registry {
    uint32_t capacity; // 0: no limit
    const struct sm_value_type *effects;
    const struct sm_value_type *responses;
    _Atomic(struct entry *) chunks[CHUNKS]; // NULL, or there to stay
    // Every add and remove writes to these. Of what is read alone, they share a line with late chunks, which few have.
    _Atomic(uint64_t) live; // channels that count against the capacity; not used where there is none
    _Atomic(uint64_t) used; // entries that have left their chunk: fresh ones start here
    _Atomic(uint64_t) free; // the last key of the top of the free list; 0 where that is empty
};

static uint64_t key_of(uint32_t generation, uint32_t index) {
    return (uint64_t)generation << 32 | index;
}

static uint32_t generation_of(uint64_t key_or_word) {
    return (uint32_t)(key_or_word >> 32);
}

static uint32_t pins_of(uint64_t word) {
    return (uint32_t)(word & (REMOVED - 1));
}

// ------------------------------------------------------------------------------------------------------------------
// Entries

// place is where an entry lies.
struct place {
    unsigned chunk;
    uint32_t offset;
};

static struct place place_of(uint32_t index) {
    if (index < FIRST) {
        return (struct place){0, index};
    }
    unsigned highest = 31 - (unsigned)__builtin_clz(index);
    return (struct place){highest - FIRST_BITS + 1, index - ((uint32_t)1 << highest)};
}

static size_t chunk_size(unsigned chunk) {
    return (size_t)FIRST << (chunk == 0 ? 0 : chunk - 1);
}

// entry_at gives the entry of an index; NULL where its chunk is not there, and so the index was never issued.
static struct entry *entry_at(const struct sm_effect_registry *registry, uint32_t index) {
    struct place place = place_of(index);
    // acquire: pairs with the release in chunk_ensure; the entries are seen as zero, or later.
    struct entry *chunk = atomic_load_explicit(&registry->chunks[place.chunk], memory_order_acquire);
    return chunk == NULL ? NULL : chunk + place.offset;
}

// chunk_ensure makes the chunk where it is not there. Of threads that try at once, one succeeds for all.
static int chunk_ensure(struct sm_effect_registry *registry, unsigned chunk) {
    struct entry *there = atomic_load_explicit(&registry->chunks[chunk], memory_order_acquire); // as entry_at
    if (there != NULL) {
        return 1;
    }
    struct entry *fresh = calloc(chunk_size(chunk), sizeof *fresh);
    if (fresh == NULL) {
        return 0;
    }
    // release: publishes the zeroes; acquire on failure: the other thread's chunk is used as if entry_at had given it.
    if (!atomic_compare_exchange_strong_explicit(&registry->chunks[chunk], &there, fresh, memory_order_release,
                                                 memory_order_acquire)) {
        free(fresh);
    }
    return 1;
}

// pop takes the top off the list of free entries and gives its last key; 0 where there is none.
static uint64_t pop(struct sm_effect_registry *registry) {
    // acquire, here and below: pairs with the release in push. Every write of `free` is a read-modify-write, so
    // whichever key is read, its push is synchronized with: `content`, and all that was done to the entry before, are
    // seen.
    uint64_t top = atomic_load_explicit(&registry->free, memory_order_acquire);
    while (top != 0) {
        // Should the entry have been popped meanwhile, `next` is nonsense, and the exchange fails: `top` is never
        // pushed twice.
        uint64_t next = atomic_load_explicit(&entry_at(registry, (uint32_t)top)->content, memory_order_relaxed);
        if (atomic_compare_exchange_weak_explicit(&registry->free, &top, next, memory_order_acquire,
                                                  memory_order_acquire)) {
            return top;
        }
    }
    return 0;
}

// push puts an entry that is this thread's on the list of free ones, under its last key.
static void push(struct sm_effect_registry *registry, struct entry *entry, uint64_t key) {
    uint64_t top = atomic_load_explicit(&registry->free, memory_order_relaxed); // only compared and passed on
    do {
        atomic_store_explicit(&entry->content, top, memory_order_relaxed); // published by the exchange
    } while (
        !atomic_compare_exchange_weak_explicit(&registry->free, &top, key, memory_order_release, memory_order_relaxed));
}

// fresh claims an entry that was never issued. Its key, of generation 0, is the index.
static enum sm_status fresh(struct sm_effect_registry *registry, uint64_t *out_key) {
    // relaxed throughout: the number alone is claimed; what lies in the chunk is published by chunk_ensure.
    uint64_t index = atomic_load_explicit(&registry->used, memory_order_relaxed);
    do {
        if (index > UINT32_MAX) {
            return SM_EXHAUSTED;
        }
        if (!chunk_ensure(registry, place_of((uint32_t)index).chunk)) {
            return SM_NO_MEMORY;
        }
    } while (!atomic_compare_exchange_weak_explicit(&registry->used, &index, index + 1, memory_order_relaxed,
                                                    memory_order_relaxed));
    *out_key = index;
    return SM_OK;
}

// issue publishes the channel in an entry that nobody uses, and gives the key.
static enum sm_status issue(struct sm_effect_registry *registry, struct sm_effect *effect, uint64_t *out_key) {
    uint64_t last = pop(registry);
    if (last == 0) {
        enum sm_status status = fresh(registry, &last);
        if (status != SM_OK) {
            return status;
        }
    }
    uint32_t generation = generation_of(last) + 1;
    struct entry *entry = entry_at(registry, (uint32_t)last);
    atomic_store_explicit(&entry->content, (uint64_t)(uintptr_t)effect, memory_order_relaxed);
    // The linearization point of add. release: pairs with the acquire in find and remove, which see `content` and the
    // channel. A plain store is enough: on the word of an entry that is free, no compare-exchange succeeds.
    atomic_store_explicit(&entry->word, (uint64_t)generation << 32 | 1, memory_order_release);
    *out_key = key_of(generation, (uint32_t)last);
    return SM_OK;
}

// finish is called by whoever gave the last pin of a removed entry up, which nobody else reads or writes then.
static void finish(struct sm_effect_registry *registry, struct entry *entry, uint64_t key) {
    uint64_t content = atomic_load_explicit(&entry->content, memory_order_relaxed);
    if (generation_of(key) < SM_EFFECT_REGISTRY_GENERATION_MAX) {
        push(registry, entry, key);
    }
    sm_effect_destroy((struct sm_effect *)(uintptr_t)content); // last: foreign code may call back
}

// unpin gives one pin up.
static void unpin(struct sm_effect_registry *registry, struct entry *entry, uint64_t key) {
    // acq_rel: release, so that whoever gives the last pin up comes after this thread's look at `content`; acquire, so
    // that this thread, where it is the last, comes after everybody's.
    uint64_t before = atomic_fetch_sub_explicit(&entry->word, 1, memory_order_acq_rel);
    if ((before & REMOVED) != 0 && pins_of(before) == 1) {
        finish(registry, entry, key);
    }
}

// locate finds the entry of a key that was issued, removed or not, and its word.
static enum sm_status locate(const struct sm_effect_registry *registry, uint64_t key, struct entry **out_entry) {
    if (registry == NULL || key == 0) {
        return SM_INVALID;
    }
    *out_entry = entry_at(registry, (uint32_t)key);
    return *out_entry == NULL || generation_of(key) == 0 ? SM_UNKNOWN : SM_OK;
}

// judge says what the word of its entry makes of a key: SM_OK where it is live.
static enum sm_status judge(uint64_t word, uint64_t key) {
    if (generation_of(word) == generation_of(key)) {
        return (word & REMOVED) == 0 ? SM_OK : SM_STALE;
    }
    return generation_of(word) < generation_of(key) ? SM_UNKNOWN : SM_STALE;
}

// ------------------------------------------------------------------------------------------------------------------
// Capacity

// The count is exact because only it is compared; nothing is published by it: relaxed throughout.

static int reserve(struct sm_effect_registry *registry) {
    if (registry->capacity == 0) {
        return 1;
    }
    uint64_t live = atomic_load_explicit(&registry->live, memory_order_relaxed);
    do {
        if (live == registry->capacity) {
            return 0;
        }
    } while (!atomic_compare_exchange_weak_explicit(&registry->live, &live, live + 1, memory_order_relaxed,
                                                    memory_order_relaxed));
    return 1;
}

static void unreserve(struct sm_effect_registry *registry) {
    if (registry->capacity != 0) {
        atomic_fetch_sub_explicit(&registry->live, 1, memory_order_relaxed);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// Operations

enum sm_status sm_effect_registry_create(uint32_t capacity, const struct sm_value_type *effects,
                                         const struct sm_value_type *responses,
                                         struct sm_effect_registry **out_registry) {
    if (!sm_value_type_is_valid(effects) || effects->clone == NULL || !sm_value_type_is_valid(responses) ||
        out_registry == NULL) {
        return SM_INVALID;
    }
    struct sm_effect_registry *registry = malloc(sizeof *registry);
    if (registry == NULL) {
        return SM_NO_MEMORY;
    }
    registry->capacity = capacity;
    registry->effects = effects;
    registry->responses = responses;
    for (unsigned i = 0; i < CHUNKS; i++) {
        atomic_init(&registry->chunks[i], NULL); // nobody else knows the registry yet
    }
    atomic_init(&registry->live, 0);
    atomic_init(&registry->used, 0);
    atomic_init(&registry->free, 0);
    *out_registry = registry;
    return SM_OK;
}

void sm_effect_registry_destroy(struct sm_effect_registry *registry) {
    if (registry == NULL) {
        return;
    }
    // relaxed: whoever destroys has ordered every other use before.
    uint64_t used = atomic_load_explicit(&registry->used, memory_order_relaxed);
    for (uint64_t index = 0; index < used; index++) {
        struct entry *entry = entry_at(registry, (uint32_t)index);
        if (pins_of(atomic_load_explicit(&entry->word, memory_order_relaxed)) != 0) {
            uint64_t content = atomic_load_explicit(&entry->content, memory_order_relaxed);
            sm_effect_destroy((struct sm_effect *)(uintptr_t)content);
        }
    }
    for (unsigned i = 0; i < CHUNKS; i++) {
        free(atomic_load_explicit(&registry->chunks[i], memory_order_relaxed));
    }
    free(registry);
}

enum sm_status sm_effect_registry_add(struct sm_effect_registry *registry, uint64_t *out_key) {
    if (registry == NULL || out_key == NULL) {
        return SM_INVALID;
    }
    if (!reserve(registry)) {
        return SM_EXHAUSTED;
    }
    struct sm_effect *effect = NULL;
    enum sm_status status = sm_effect_create(registry->effects, registry->responses, &effect);
    if (status == SM_OK) {
        status = issue(registry, effect, out_key);
    }
    if (status != SM_OK) {
        sm_effect_destroy(effect);
        unreserve(registry);
    }
    return status;
}

enum sm_status sm_effect_registry_find(struct sm_effect_registry *registry, uint64_t key,
                                       struct sm_effect **out_effect) {
    if (out_effect == NULL) {
        return SM_INVALID;
    }
    struct entry *entry;
    enum sm_status status = locate(registry, key, &entry);
    if (status != SM_OK) {
        return status;
    }
    // relaxed: a word that refuses the key refuses it by its own bits, and nothing else is looked at.
    uint64_t word = atomic_load_explicit(&entry->word, memory_order_relaxed);
    do {
        status = judge(word, key);
        if (status != SM_OK) {
            return status;
        }
        // The linearization point. acquire: pairs with the release in issue, directly or through other pins, which are
        // all read-modify-writes.
    } while (!atomic_compare_exchange_weak_explicit(&entry->word, &word, word + 1, memory_order_acquire,
                                                    memory_order_relaxed));
    *out_effect = (struct sm_effect *)(uintptr_t)atomic_load_explicit(&entry->content, memory_order_relaxed);
    sm_effect_share(*out_effect); // the registry's reference keeps the channel until the last pin is given up
    unpin(registry, entry, key);
    return SM_OK;
}

enum sm_status sm_effect_registry_remove(struct sm_effect_registry *registry, uint64_t key) {
    struct entry *entry;
    enum sm_status status = locate(registry, key, &entry);
    if (status != SM_OK) {
        return status;
    }
    uint64_t word = atomic_load_explicit(&entry->word, memory_order_relaxed); // as in find
    do {
        status = judge(word, key);
        if (status != SM_OK) {
            return status;
        }
        // The linearization point: `removed` is set and the registry's own pin given up. acq_rel as in unpin.
    } while (!atomic_compare_exchange_weak_explicit(&entry->word, &word, (word | REMOVED) - 1, memory_order_acq_rel,
                                                    memory_order_relaxed));
    unreserve(registry);
    if (pins_of(word) == 1) {
        finish(registry, entry, key);
    }
    return SM_OK;
}
