// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A lock-free effect channel of boxed values, and a registry of such, whose memory orders and steps are constants, to
// be built with one of them wrong; as it stands it is correct. effect.def says which builds there are, and who must
// find each out.
#include <stdatomic.h>
#include <stdlib.h>

#include "conformance/slotmark_define.h"

// The orders, by operation.
#ifndef POST_ORDER
#define POST_ORDER memory_order_acq_rel // request puts the effect in
#endif
#ifndef LOOK_ORDER
#define LOOK_ORDER memory_order_acquire // request looks whether there is a response
#endif
#ifndef CONSUME_ORDER
#define CONSUME_ORDER memory_order_acq_rel // and takes it out
#endif
#ifndef TAKE_ORDER
#define TAKE_ORDER memory_order_acq_rel
#endif
#ifndef FULFILL_ORDER
#define FULFILL_ORDER memory_order_acq_rel
#endif
#ifndef SHARE_ORDER
#define SHARE_ORDER memory_order_relaxed
#endif
#ifndef DESTROY_ORDER
#define DESTROY_ORDER memory_order_acq_rel
#endif
#ifndef ISSUE_ORDER
#define ISSUE_ORDER memory_order_release // an entry of the registry has its channel
#endif
#ifndef FIND_ORDER
#define FIND_ORDER memory_order_acquire
#endif

// The steps: how a word is exchanged.
#define WHOLE 0 // in one step
#define SPLIT 1 // by a load and a store: two threads see the same word
#define ONCE  2 // by a compare-exchange that is not tried again: who loses gives up
#ifndef POST_STEPS
#define POST_STEPS WHOLE
#endif
#ifndef CONSUME_STEPS
#define CONSUME_STEPS WHOLE
#endif
#ifndef TAKE_STEPS
#define TAKE_STEPS WHOLE
#endif
#ifndef FULFILL_STEPS
#define FULFILL_STEPS WHOLE
#endif
#ifndef DESTROY_SPLIT
#define DESTROY_SPLIT 0 // the count is read, then written
#endif
#ifndef SHARE_SPLIT
#define SHARE_SPLIT 0
#endif
#ifndef RESERVE_SPLIT
#define RESERVE_SPLIT 0 // so is the room of the registry
#endif
#ifndef CLAIM_SPLIT
#define CLAIM_SPLIT 0 // and the word of an entry that an add takes
#endif
#ifndef REMOVE_SPLIT
#define REMOVE_SPLIT 0 // and of one that a remove clears
#endif

// The sequence: what is done before what.
#ifndef FILLS_LATE
#define FILLS_LATE 0 // the box is published, then filled
#endif
#ifndef TRUSTS_LOOK
#define TRUSTS_LOOK 0 // a response that was seen is taken for had
#endif
#ifndef CLEARS_LATE
#define CLEARS_LATE 0 // request drops what response is left when its effect is there
#endif
#ifndef ONE_WORD
#define ONE_WORD 0 // both directions share the word
#endif
#ifndef FINDS_UNPINNED
#define FINDS_UNPINNED 0 // a find keeps the entry by nothing while it makes its reference
#endif
#ifndef REMOVES_PINNED
#define REMOVES_PINNED 0 // a remove clears the pins of finds with the entry
#endif
#ifndef KEEPS_GENERATION
#define KEEPS_GENERATION 0 // an entry that is used again has the key that it had
#endif
#ifndef PINS_BLINDLY
#define PINS_BLINDLY 0 // a find pins the entry, and looks what it is after that
#endif

struct box {
    void *value;
};

struct sm_effect {
    const struct sm_value_type *effects, *responses;
    _Atomic(struct box *) posted;
    _Atomic(struct box *) response;
    atomic_uint references;
};

static enum sm_status effect_create(const struct sm_value_type *effects, const struct sm_value_type *responses,
                                    struct sm_effect **out_effect) {
    struct sm_effect *effect = malloc(sizeof *effect);
    if (effect == NULL) {
        return SM_NO_MEMORY;
    }
    effect->effects = effects;
    effect->responses = responses;
    atomic_init(&effect->posted, NULL);
    atomic_init(&effect->response, NULL);
    atomic_init(&effect->references, 1);
    *out_effect = effect;
    return SM_OK;
}

static _Atomic(struct box *) *response_of(struct sm_effect *effect) {
    return ONE_WORD ? &effect->posted : &effect->response;
}

// swap exchanges in `steps`. Returns 1, or 0 where it gave up.
static inline int swap(_Atomic(struct box *) *word, struct box *box, memory_order order, int steps,
                       struct box **out_old) {
    if (steps == WHOLE) {
        *out_old = atomic_exchange_explicit(word, box, order);
        return 1;
    }
    *out_old = atomic_load_explicit(word, memory_order_acquire);
    if (steps == SPLIT) {
        atomic_store_explicit(word, box, memory_order_release);
        return 1;
    }
    return atomic_compare_exchange_strong_explicit(word, out_old, box, order, memory_order_acquire);
}

static void *unbox(struct box *box) {
    void *value = box->value;
    free(box);
    return value;
}

static void drop(const struct sm_value_type *type, struct box *box) {
    if (box != NULL) {
        type->drop(type->context, unbox(box));
    }
}

// move_in boxes a value and exchanges it; what comes out is dropped.
static inline enum sm_status move_in(const struct sm_value_type *type, _Atomic(struct box *) *word, void *value,
                                     memory_order order, int steps) {
    struct box *old;
    struct box *box = malloc(sizeof *box);
    if (box == NULL) {
        return SM_NO_MEMORY;
    }
    box->value = FILLS_LATE ? NULL : value;
    if (!swap(word, box, order, steps, &old)) {
        free(box);
        return SM_OK;
    }
    if (FILLS_LATE) {
        box->value = value;
    }
    drop(type, old);
    return SM_OK;
}

static void effect_destroy(struct sm_effect *effect) {
    if (effect == NULL) {
        return;
    }
    unsigned before;
    if (DESTROY_SPLIT) {
        before = atomic_load_explicit(&effect->references, memory_order_acquire);
        atomic_store_explicit(&effect->references, before - 1, memory_order_release);
    } else {
        before = atomic_fetch_sub_explicit(&effect->references, 1, DESTROY_ORDER);
    }
    if (before == 1) {
        drop(effect->effects, atomic_load_explicit(&effect->posted, memory_order_relaxed));
        drop(effect->responses, atomic_load_explicit(&effect->response, memory_order_relaxed));
        free(effect);
    }
}

static enum sm_status effect_share(struct sm_effect *effect) {
    if (SHARE_SPLIT) {
        unsigned before = atomic_load_explicit(&effect->references, memory_order_acquire);
        atomic_store_explicit(&effect->references, before + 1, memory_order_release);
    } else {
        atomic_fetch_add_explicit(&effect->references, 1, SHARE_ORDER);
    }
    return SM_OK;
}

static enum sm_status effect_request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                                     void **out_response) {
    struct box *box = atomic_load_explicit(response_of(effect), LOOK_ORDER);
    if (box != NULL) {
        struct box *seen = box;
        if (swap(response_of(effect), NULL, CONSUME_ORDER, CONSUME_STEPS, &box) && (box != NULL || TRUSTS_LOOK)) {
            *out_response = unbox(TRUSTS_LOOK ? seen : box);
            *out_poll = SM_POLL_READY;
            return SM_OK;
        }
    }
    void *copy;
    *out_poll = SM_POLL_PENDING;
    enum sm_status status = effect->effects->clone(effect->effects->context, value, &copy);
    if (status == SM_OK) {
        status = move_in(effect->effects, &effect->posted, copy, POST_ORDER, POST_STEPS);
    }
    if (CLEARS_LATE) {
        drop(effect->responses, atomic_exchange_explicit(response_of(effect), NULL, memory_order_acq_rel));
    }
    return status;
}

static enum sm_status effect_take_effect(struct sm_effect *effect, void **out_value) {
    struct box *box;
    if (!swap(&effect->posted, NULL, TAKE_ORDER, TAKE_STEPS, &box) || box == NULL) {
        return SM_EMPTY;
    }
    *out_value = unbox(box);
    return SM_OK;
}

static enum sm_status effect_fulfill(struct sm_effect *effect, void *response) {
    return move_in(effect->responses, response_of(effect), response, FULFILL_ORDER, FULFILL_STEPS);
}

// ------------------------------------------------------------------------------------------------------------------
// The registry: entries whose word is a generation, and below it what has the entry

#define PIN        UINT64_C(1)         // a find has
#define LIVE       (UINT64_C(1) << 30) // the registry has
#define CLAIMED    (UINT64_C(1) << 31) // an add has
#define GENERATION (UINT64_C(1) << 32)

struct entry {
    _Atomic(uint64_t) word;
    _Atomic(struct sm_effect *) channel;
};

struct sm_effect_registry {
    const struct sm_value_type *effects, *responses;
    uint32_t capacity, entry_count;
    atomic_uint live;
    struct entry entries[];
};

static enum sm_status effect_registry_create(uint32_t capacity, const struct sm_value_type *effects,
                                             const struct sm_value_type *responses,
                                             struct sm_effect_registry **out_registry) {
    uint32_t entry_count = 2 * capacity; // finds may have those that were removed
    struct sm_effect_registry *registry = malloc(sizeof *registry + entry_count * sizeof registry->entries[0]);
    if (registry == NULL) {
        return SM_NO_MEMORY;
    }
    registry->effects = effects;
    registry->responses = responses;
    registry->capacity = capacity;
    registry->entry_count = entry_count;
    atomic_init(&registry->live, 0);
    for (uint32_t i = 0; i < entry_count; i++) {
        atomic_init(&registry->entries[i].word, 0);
        atomic_init(&registry->entries[i].channel, NULL);
    }
    *out_registry = registry;
    return SM_OK;
}

static void effect_registry_destroy(struct sm_effect_registry *registry) {
    for (uint32_t i = 0; registry != NULL && i < registry->entry_count; i++) {
        struct entry *entry = &registry->entries[i];
        if ((atomic_load_explicit(&entry->word, memory_order_relaxed) & LIVE) != 0) {
            effect_destroy(atomic_load_explicit(&entry->channel, memory_order_relaxed));
        }
    }
    free(registry);
}

static int reserve(struct sm_effect_registry *registry) {
    unsigned live = atomic_load_explicit(&registry->live, memory_order_relaxed);
    while (live < registry->capacity) {
        if (RESERVE_SPLIT) {
            atomic_store_explicit(&registry->live, live + 1, memory_order_relaxed);
            return 1;
        }
        if (atomic_compare_exchange_weak_explicit(&registry->live, &live, live + 1, memory_order_relaxed,
                                                  memory_order_relaxed)) {
            return 1;
        }
    }
    return 0;
}

// move_on changes the word of an entry, in steps. Returns whether it was as it was seen.
static inline int move_on(struct entry *entry, uint64_t *word, uint64_t next, memory_order order, int is_split) {
    if (is_split) {
        atomic_store_explicit(&entry->word, next, memory_order_release);
        return 1;
    }
    return atomic_compare_exchange_strong_explicit(&entry->word, word, next, order, memory_order_relaxed);
}

static enum sm_status effect_registry_add(struct sm_effect_registry *registry, uint64_t *out_key) {
    struct sm_effect *channel;
    if (!reserve(registry)) {
        return SM_EXHAUSTED;
    }
    if (effect_create(registry->effects, registry->responses, &channel) != SM_OK) {
        atomic_fetch_sub_explicit(&registry->live, 1, memory_order_relaxed);
        return SM_NO_MEMORY;
    }
    for (uint32_t i = 0;; i = (i + 1) % registry->entry_count) { // as long as finds have more than half of the entries
        struct entry *entry = &registry->entries[i];
        uint64_t word = atomic_load_explicit(&entry->word, memory_order_relaxed);
        uint64_t generation = word / GENERATION + (KEEPS_GENERATION && word != 0 ? 0 : 1);
        if (word % GENERATION == 0 &&
            move_on(entry, &word, generation * GENERATION + CLAIMED, memory_order_relaxed, CLAIM_SPLIT)) {
            atomic_store_explicit(&entry->channel, channel, memory_order_relaxed);
            atomic_store_explicit(&entry->word, generation * GENERATION + LIVE, ISSUE_ORDER);
            *out_key = generation * GENERATION + i;
            return SM_OK;
        }
    }
}

// judge says what the word of its entry makes of a key: SM_OK where it is live.
static enum sm_status judge(uint64_t word, uint64_t key) {
    return word / GENERATION == key / GENERATION && (word & LIVE) != 0 ? SM_OK : SM_STALE;
}

static enum sm_status effect_registry_find(struct sm_effect_registry *registry, uint64_t key,
                                           struct sm_effect **out_effect) {
    struct entry *entry = &registry->entries[key % GENERATION];
    uint64_t word = atomic_load_explicit(&entry->word, FINDS_UNPINNED ? memory_order_acquire : memory_order_relaxed);
    if (FINDS_UNPINNED) {
        if (judge(word, key) == SM_OK) {
            *out_effect = atomic_load_explicit(&entry->channel, memory_order_relaxed);
            effect_share(*out_effect);
        }
        return judge(word, key);
    }
    do {
        enum sm_status status = judge(word, key);
        if (status != SM_OK) {
            return status;
        }
        if (PINS_BLINDLY) {
            word = atomic_fetch_add_explicit(&entry->word, PIN, FIND_ORDER);
            break;
        }
    } while (!move_on(entry, &word, word + PIN, FIND_ORDER, 0));
    struct sm_effect *channel = atomic_load_explicit(&entry->channel, memory_order_relaxed);
    effect_share(channel); // the registry's reference is kept until the last pin goes
    *out_effect = channel;
    if (atomic_fetch_sub_explicit(&entry->word, PIN, memory_order_acq_rel) % GENERATION == PIN) {
        effect_destroy(channel);
    }
    return SM_OK;
}

static enum sm_status effect_registry_remove(struct sm_effect_registry *registry, uint64_t key) {
    struct entry *entry = &registry->entries[key % GENERATION];
    uint64_t word = atomic_load_explicit(&entry->word, memory_order_acquire);
    struct sm_effect *channel;
    uint64_t pins;
    do {
        enum sm_status status = judge(word, key);
        if (status != SM_OK) {
            return status;
        }
        channel = atomic_load_explicit(&entry->channel, memory_order_relaxed); // that of the key, if the word stands
        pins = REMOVES_PINNED ? 0 : word % LIVE;
    } while (!move_on(entry, &word, word / GENERATION * GENERATION + pins, memory_order_acq_rel, REMOVE_SPLIT));
    atomic_fetch_sub_explicit(&registry->live, 1, memory_order_relaxed);
    if (pins == 0) {
        effect_destroy(channel);
    }
    return SM_OK;
}

SLOTMARK_EFFECT(.progress = SM_PROGRESS_WAIT_FREE, .out_of_memory = SM_OUT_OF_MEMORY_REPORTED,
                .residue = SM_RESIDUE_KEPT, .repost = SM_REPOST_POSTED, .share = effect_share,
                SLOTMARK_EFFECT_REGISTRY);
SLOTMARK_IMPLEMENTATION("effect by constants", "mutant", .effect = &slotmark_effect);
