// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A correct channel, handle and registry, plain enough to be wronged in one place. A mutant includes it, writes one
// faulty function and offers the rest as it stands. It declares what two independent slots would: KEPT, POSTED, KEPT.
#ifndef SLOTMARK_CONFORMANCE_MUTANTS_EFFECT_BASE_H_
#define SLOTMARK_CONFORMANCE_MUTANTS_EFFECT_BASE_H_

#include <pthread.h>
#include <stdlib.h>

#include "conformance/mutants/source.h"
#include "conformance/slotmark.h"

// place holds at most one value of a type.
struct place {
    const struct sm_value_type *type;
    int full;
    void *value;
};

static int place_take(struct place *place, void **out_value) {
    if (!place->full) {
        return 0;
    }
    place->full = 0;
    *out_value = place->value;
    return 1;
}

// place_put returns the place as it was, to be dropped where no lock is held.
static struct place place_put(struct place *place, void *value) {
    struct place old = *place;
    place->full = 1;
    place->value = value;
    return old;
}

static void place_drop(struct place place) {
    if (place.full) {
        place.type->drop(place.type->context, place.value);
    }
}

// ------------------------------------------------------------------------------------------------------------------
// The channel

struct sm_effect {
    pthread_mutex_t lock; // of what follows
    unsigned references;
    struct place posted;
    struct place response;
};

static enum sm_status effect_create(const struct sm_value_type *effects, const struct sm_value_type *responses,
                                    struct sm_effect **out_effect) {
    if (effects == NULL || effects->clone == NULL || responses == NULL || out_effect == NULL) {
        return SM_INVALID;
    }
    struct sm_effect *effect = calloc(1, sizeof *effect);
    if (effect == NULL) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_init(&effect->lock, NULL);
    effect->references = 1;
    effect->posted.type = effects;
    effect->response.type = responses;
    *out_effect = effect;
    return SM_OK;
}

static enum sm_status effect_share(struct sm_effect *effect) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->lock);
    effect->references++;
    pthread_mutex_unlock(&effect->lock);
    return SM_OK;
}

// effect_release gives one reference up and tells whether it was the last.
static int effect_release(struct sm_effect *effect) {
    pthread_mutex_lock(&effect->lock);
    int last = --effect->references == 0;
    pthread_mutex_unlock(&effect->lock);
    return last;
}

static void effect_free(struct sm_effect *effect) {
    pthread_mutex_destroy(&effect->lock);
    free(effect);
}

static void effect_destroy(struct sm_effect *effect) {
    if (effect != NULL && effect_release(effect)) {
        place_drop(effect->posted);
        place_drop(effect->response);
        effect_free(effect);
    }
}

// effect_move_out takes from one of the places, effect_move_in puts into it and drops what was there.
static int effect_move_out(struct sm_effect *effect, struct place *place, void **out_value) {
    pthread_mutex_lock(&effect->lock);
    int moved = place_take(place, out_value);
    pthread_mutex_unlock(&effect->lock);
    return moved;
}

static void effect_move_in(struct sm_effect *effect, struct place *place, void *value) {
    pthread_mutex_lock(&effect->lock);
    struct place old = place_put(place, value);
    pthread_mutex_unlock(&effect->lock);
    place_drop(old);
}

static enum sm_status effect_clone(const struct sm_effect *effect, const void *value, void **out_copy) {
    return effect->posted.type->clone(effect->posted.type->context, value, out_copy);
}

static enum sm_status effect_request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                                     void **out_response) {
    void *copy = NULL;
    if (effect == NULL || out_poll == NULL || out_response == NULL) {
        return SM_INVALID;
    }
    if (effect_move_out(effect, &effect->response, out_response)) {
        *out_poll = SM_POLL_READY;
        return SM_OK;
    }
    enum sm_status status = effect_clone(effect, value, &copy);
    if (status == SM_OK) {
        effect_move_in(effect, &effect->posted, copy);
        *out_poll = SM_POLL_PENDING;
    }
    return status;
}

static enum sm_status effect_take_effect(struct sm_effect *effect, void **out_value) {
    if (effect == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    return effect_move_out(effect, &effect->posted, out_value) ? SM_OK : SM_EMPTY;
}

static enum sm_status effect_fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    effect_move_in(effect, &effect->response, response);
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// The handle

struct sm_effect_handle {
    const struct sm_future_vtable *vtable;
    void *state;
    struct place stash;
    void *context;
};

static enum sm_status effect_handle_create(const struct sm_future_source *source, const struct sm_value_type *effects,
                                           void *context, struct sm_effect_handle **out_handle) {
    if (!source_is_sound(source) || effects == NULL || out_handle == NULL) {
        return SM_INVALID;
    }
    struct sm_effect_handle *handle = malloc(sizeof *handle);
    void *state = state_move(source);
    if (handle == NULL || state == NULL) {
        free(handle);
        free(state);
        return SM_NO_MEMORY;
    }
    *handle = (struct sm_effect_handle){source->vtable, state, {effects, 0, NULL}, context};
    *out_handle = handle;
    return SM_OK;
}

static void handle_free(struct sm_effect_handle *handle) {
    free(handle->state);
    free(handle);
}

static enum sm_status effect_handle_destroy(struct sm_effect_handle *handle) {
    if (handle != NULL) {
        handle->vtable->drop(handle->state);
        place_drop(handle->stash);
        handle_free(handle);
    }
    return SM_OK;
}

static enum sm_status effect_handle_poll(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value) {
    if (handle == NULL || out_poll == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    return handle->vtable->poll(handle->state, &no_op_waker, out_poll, out_value);
}

static enum sm_status effect_handle_stash(struct sm_effect_handle *handle, void *value) {
    if (handle == NULL) {
        return SM_INVALID;
    }
    place_drop(place_put(&handle->stash, value));
    return SM_OK;
}

static enum sm_status effect_handle_peek(const struct sm_effect_handle *handle, const void **out_value) {
    if (handle == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    if (!handle->stash.full) {
        return SM_EMPTY;
    }
    *out_value = handle->stash.value;
    return SM_OK;
}

static enum sm_status effect_handle_take(struct sm_effect_handle *handle, void **out_value) {
    if (handle == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    return place_take(&handle->stash, out_value) ? SM_OK : SM_EMPTY;
}

static enum sm_status effect_handle_context(const struct sm_effect_handle *handle, void **out_context) {
    if (handle == NULL || out_context == NULL) {
        return SM_INVALID;
    }
    *out_context = handle->context;
    return SM_OK;
}

// ------------------------------------------------------------------------------------------------------------------
// The registry: an array of entries. A key is the entry's generation and, below it, its index and one.

struct entry {
    uint32_t generation; // of the key that is live or will be issued next, from 1
    struct sm_effect *effect;
};

struct sm_effect_registry {
    const struct sm_value_type *effects;
    const struct sm_value_type *responses;
    pthread_mutex_t lock; // of what follows
    uint32_t capacity;    // 0: grows
    uint32_t count;       // of entries that were ever used
    struct entry *entries;
};

static uint64_t key_of(const struct sm_effect_registry *registry, uint32_t index) {
    return (uint64_t)registry->entries[index].generation << 32 | (index + 1);
}

static enum sm_status effect_registry_create(uint32_t capacity, const struct sm_value_type *effects,
                                             const struct sm_value_type *responses,
                                             struct sm_effect_registry **out_registry) {
    if (effects == NULL || effects->clone == NULL || responses == NULL || out_registry == NULL) {
        return SM_INVALID;
    }
    struct sm_effect_registry *registry = calloc(1, sizeof *registry);
    if (registry == NULL) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_init(&registry->lock, NULL);
    registry->effects = effects;
    registry->responses = responses;
    registry->capacity = capacity;
    *out_registry = registry;
    return SM_OK;
}

static void registry_free(struct sm_effect_registry *registry) {
    pthread_mutex_destroy(&registry->lock);
    free(registry->entries);
    free(registry);
}

static void effect_registry_destroy(struct sm_effect_registry *registry) {
    if (registry != NULL) {
        for (uint32_t i = 0; i < registry->count; i++) {
            effect_destroy(registry->entries[i].effect);
        }
        registry_free(registry);
    }
}

// registry_reserve finds a free entry, or makes one. The lock is held.
static enum sm_status registry_reserve(struct sm_effect_registry *registry, uint32_t *out_index) {
    uint32_t index = registry->capacity == 0 ? registry->count : 0; // one that grows does not look for gaps
    while (index < registry->count && registry->entries[index].effect != NULL) {
        index++;
    }
    if (index == registry->count) {
        if (registry->capacity != 0 && index == registry->capacity) {
            return SM_EXHAUSTED;
        }
        struct entry *entries = realloc(registry->entries, (index + 1) * sizeof *entries);
        if (entries == NULL) {
            return SM_NO_MEMORY;
        }
        entries[index] = (struct entry){1, NULL};
        registry->entries = entries;
        registry->count = index + 1;
    }
    *out_index = index;
    return SM_OK;
}

static enum sm_status effect_registry_add(struct sm_effect_registry *registry, uint64_t *out_key) {
    uint32_t index = 0;
    struct sm_effect *effect = NULL;
    if (registry == NULL || out_key == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = effect_create(registry->effects, registry->responses, &effect);
    if (status != SM_OK) {
        return status;
    }
    pthread_mutex_lock(&registry->lock);
    status = registry_reserve(registry, &index);
    if (status == SM_OK) {
        registry->entries[index].effect = effect;
        *out_key = key_of(registry, index);
    }
    pthread_mutex_unlock(&registry->lock);
    if (status != SM_OK) {
        effect_destroy(effect);
    }
    return status;
}

// registry_look_up finds the entry of a live key. The lock is held.
static enum sm_status registry_look_up(const struct sm_effect_registry *registry, uint64_t key,
                                       struct entry **out_entry) {
    uint32_t index = (uint32_t)key - 1;
    uint32_t generation = (uint32_t)(key >> 32);
    if (key == 0) {
        return SM_INVALID;
    }
    if (index >= registry->count || generation == 0) {
        return SM_UNKNOWN;
    }
    struct entry *entry = &registry->entries[index];
    if (generation != entry->generation) {
        return generation < entry->generation ? SM_STALE : SM_UNKNOWN;
    }
    *out_entry = entry;
    return entry->effect != NULL ? SM_OK : SM_UNKNOWN;
}

static enum sm_status effect_registry_find(struct sm_effect_registry *registry, uint64_t key,
                                           struct sm_effect **out_effect) {
    struct entry *entry = NULL;
    if (registry == NULL || out_effect == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&registry->lock);
    enum sm_status status = registry_look_up(registry, key, &entry);
    if (status == SM_OK) {
        effect_share(entry->effect);
        *out_effect = entry->effect;
    }
    pthread_mutex_unlock(&registry->lock);
    return status;
}

// registry_detach retires a key and hands its channel out.
static enum sm_status registry_detach(struct sm_effect_registry *registry, uint64_t key,
                                      struct sm_effect **out_effect) {
    struct entry *entry = NULL;
    pthread_mutex_lock(&registry->lock);
    enum sm_status status = registry_look_up(registry, key, &entry);
    if (status == SM_OK) {
        *out_effect = entry->effect;
        *entry = (struct entry){entry->generation + 1, NULL};
    }
    pthread_mutex_unlock(&registry->lock);
    return status;
}

static enum sm_status effect_registry_remove(struct sm_effect_registry *registry, uint64_t key) {
    struct sm_effect *effect = NULL;
    if (registry == NULL) {
        return SM_INVALID;
    }
    enum sm_status status = registry_detach(registry, key, &effect);
    effect_destroy(effect);
    return status;
}

// EFFECT_MUTANT offers what stands above with `changes` made to its table: EFFECT_MUTANT("ready_keeps_response",
// ops.request = request).
#define EFFECT_MUTANT(mutant_name, ... /* changes */)                                                                  \
    SM_EXPORT const struct sm_implementation *slotmark_implementation(void) {                                          \
        static struct sm_effect_ops ops = {.size = sizeof ops,                                                         \
                                           .progress = SM_PROGRESS_BLOCKING,                                           \
                                           .out_of_memory = SM_OUT_OF_MEMORY_NEVER,                                    \
                                           .residue = SM_RESIDUE_KEPT,                                                 \
                                           .repost = SM_REPOST_POSTED,                                                 \
                                           .stash = SM_STASH_KEPT,                                                     \
                                           .create = effect_create,                                                    \
                                           .destroy = effect_destroy,                                                  \
                                           .share = effect_share,                                                      \
                                           .request = effect_request,                                                  \
                                           .take_effect = effect_take_effect,                                          \
                                           .fulfill = effect_fulfill,                                                  \
                                           .handle_create = effect_handle_create,                                      \
                                           .handle_destroy = effect_handle_destroy,                                    \
                                           .handle_poll = effect_handle_poll,                                          \
                                           .handle_stash = effect_handle_stash,                                        \
                                           .handle_peek = effect_handle_peek,                                          \
                                           .handle_take = effect_handle_take,                                          \
                                           .handle_context = effect_handle_context,                                    \
                                           .registry_create = effect_registry_create,                                  \
                                           .registry_destroy = effect_registry_destroy,                                \
                                           .registry_add = effect_registry_add,                                        \
                                           .registry_find = effect_registry_find,                                      \
                                           .registry_remove = effect_registry_remove};                                 \
        static const struct sm_implementation implementation = {                                                       \
            .abi = SM_ABI, .size = sizeof implementation, .name = mutant_name, .version = "mutant", .effect = &ops};   \
        __VA_ARGS__;                                                                                                   \
        return &implementation;                                                                                        \
    }

#endif // SLOTMARK_CONFORMANCE_MUTANTS_EFFECT_BASE_H_
