// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The effects of the mutex peer. The channel knows where a round trip stands, and so declares what a channel of two
// independent slots cannot: an effect is not posted again while the host works on it, and none is left behind by an
// answer.
//
//     idle --request--> posted --take_effect--> taken --fulfill--> answered --request--> idle
//
// A response may come at any point, and a request that finds one ends the round trip wherever it stands.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/peers/mutex/mutex.h"

// place holds at most one value.
struct place {
    const struct sm_value_type *type;
    int full;
    void *value;
};

struct sm_effect {
    pthread_mutex_t mutex; // guards what follows
    size_t references;
    int taken; // the host has taken the effect, and no response has come since
    struct place posted;
    struct place response;
};

static int move_out(struct place *place, void **out_value) {
    if (!place->full) {
        return 0;
    }
    place->full = 0;
    *out_value = place->value;
    return 1;
}

// move_in returns the place as it was, for drop_of once the mutex is free.
static struct place move_in(struct place *place, void *value) {
    struct place old = *place;
    place->full = 1;
    place->value = value;
    return old;
}

static struct place empty(struct place *place) {
    struct place old = *place;
    place->full = 0;
    return old;
}

static void drop_of(struct place place) {
    if (place.full) {
        place.type->drop(place.type->context, place.value);
    }
}

static int are_valid(const struct sm_value_type *effects, const struct sm_value_type *responses) {
    return effects != NULL && effects->drop != NULL && effects->clone != NULL && responses != NULL &&
           responses->drop != NULL;
}

static enum sm_status effect_create(const struct sm_value_type *effects, const struct sm_value_type *responses,
                                    struct sm_effect **out_effect) {
    if (!are_valid(effects, responses) || out_effect == NULL) {
        return SM_INVALID;
    }
    struct sm_effect *effect = calloc(1, sizeof *effect);
    if (effect == NULL || pthread_mutex_init(&effect->mutex, NULL) != 0) {
        free(effect);
        return SM_NO_MEMORY;
    }
    effect->references = 1;
    effect->posted.type = effects;
    effect->response.type = responses;
    *out_effect = effect;
    return SM_OK;
}

static void effect_destroy(struct sm_effect *effect) {
    if (effect == NULL) {
        return;
    }
    pthread_mutex_lock(&effect->mutex);
    size_t left = --effect->references;
    pthread_mutex_unlock(&effect->mutex);
    if (left != 0) {
        return;
    }
    drop_of(effect->posted);
    drop_of(effect->response);
    pthread_mutex_destroy(&effect->mutex);
    free(effect);
}

static enum sm_status effect_share(struct sm_effect *effect) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->mutex);
    effect->references++;
    pthread_mutex_unlock(&effect->mutex);
    return SM_OK;
}

// answer ends the round trip where a response waits: the residue is what drop_of is to drop. The mutex is held.
static int answer(struct sm_effect *effect, void **out_response, struct place *out_residue) {
    if (!move_out(&effect->response, out_response)) {
        return 0;
    }
    effect->taken = 0;
    *out_residue = empty(&effect->posted);
    return 1;
}

// The copy is made between two looks at the channel, with the mutex free: clone is foreign code. Where the second look
// finds nothing left to post, the copy is dropped.
static enum sm_status effect_request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                                     void **out_response) {
    if (effect == NULL || out_poll == NULL || out_response == NULL) {
        return SM_INVALID;
    }
    const struct sm_value_type *type = effect->posted.type;
    struct place residue = {type, 0, NULL};
    struct place copy = {type, 0, NULL};

    pthread_mutex_lock(&effect->mutex);
    int answered = answer(effect, out_response, &residue);
    int held = effect->taken;
    pthread_mutex_unlock(&effect->mutex);

    if (!answered && !held) {
        enum sm_status status = type->clone(type->context, value, &copy.value);
        if (status != SM_OK) {
            return status;
        }
        copy.full = 1;
        pthread_mutex_lock(&effect->mutex);
        answered = answer(effect, out_response, &residue);
        if (!answered && !effect->taken) {
            copy = move_in(&effect->posted, copy.value);
        }
        pthread_mutex_unlock(&effect->mutex);
    }
    drop_of(residue);
    drop_of(copy);
    *out_poll = answered ? SM_POLL_READY : SM_POLL_PENDING;
    return SM_OK;
}

static enum sm_status effect_take_effect(struct sm_effect *effect, void **out_value) {
    if (effect == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->mutex);
    int moved = move_out(&effect->posted, out_value);
    if (moved) {
        effect->taken = !effect->response.full; // an effect taken after its answer came is not waited for
    }
    pthread_mutex_unlock(&effect->mutex);
    return moved ? SM_OK : SM_EMPTY;
}

static enum sm_status effect_fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->mutex);
    struct place old = move_in(&effect->response, response);
    effect->taken = 0;
    pthread_mutex_unlock(&effect->mutex);
    drop_of(old);
    return SM_OK;
}

// The handle: a future, a stash and a pointer. Calls on one handle never run at once, so there is nothing to lock; its
// future has a mutex of its own.

struct sm_effect_handle {
    struct sm_future *future;
    struct place stash;
    void *context;
};

static enum sm_status effect_handle_create(const struct sm_future_source *source, const struct sm_value_type *effects,
                                           void *context, struct sm_effect_handle **out_handle) {
    if (effects == NULL || effects->drop == NULL || out_handle == NULL) {
        return SM_INVALID;
    }
    struct sm_effect_handle *handle = malloc(sizeof *handle);
    if (handle == NULL) {
        return SM_NO_MEMORY;
    }
    *handle = (struct sm_effect_handle){NULL, {effects, 0, NULL}, context};
    enum sm_status status = mutex_future.create(source, &handle->future);
    if (status != SM_OK) {
        free(handle);
        return status;
    }
    *out_handle = handle;
    return SM_OK;
}

static enum sm_status effect_handle_destroy(struct sm_effect_handle *handle) {
    if (handle == NULL) {
        return SM_OK;
    }
    enum sm_status status = mutex_future.destroy(handle->future);
    if (status != SM_OK) {
        return status;
    }
    drop_of(handle->stash);
    free(handle);
    return SM_OK;
}

static enum sm_status effect_handle_poll(struct sm_effect_handle *handle, enum sm_poll *out_poll, void **out_value) {
    return handle == NULL ? SM_INVALID : mutex_future.poll(handle->future, NULL, out_poll, out_value);
}

static enum sm_status effect_handle_stash(struct sm_effect_handle *handle, void *value) {
    if (handle == NULL) {
        return SM_INVALID;
    }
    drop_of(move_in(&handle->stash, value));
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
    return move_out(&handle->stash, out_value) ? SM_OK : SM_EMPTY;
}

static enum sm_status effect_handle_context(const struct sm_effect_handle *handle, void **out_context) {
    if (handle == NULL || out_context == NULL) {
        return SM_INVALID;
    }
    *out_context = handle->context;
    return SM_OK;
}

// The registry: live channels in the order of their keys, which are counted up from 1. A key at or beyond the next one
// was never issued; a smaller one that is not in the table has been removed.

struct entry {
    uint64_t key;
    struct sm_effect *effect;
};

struct sm_effect_registry {
    const struct sm_value_type *effects;
    const struct sm_value_type *responses;
    size_t capacity;       // 0: as many as memory holds
    pthread_mutex_t mutex; // guards what follows
    uint64_t next_key;
    struct entry *entries;
    size_t count;
    size_t room;
};

static enum sm_status effect_registry_create(uint32_t capacity, const struct sm_value_type *effects,
                                             const struct sm_value_type *responses,
                                             struct sm_effect_registry **out_registry) {
    if (!are_valid(effects, responses) || out_registry == NULL) {
        return SM_INVALID;
    }
    struct sm_effect_registry *registry = calloc(1, sizeof *registry);
    if (registry == NULL || pthread_mutex_init(&registry->mutex, NULL) != 0) {
        free(registry);
        return SM_NO_MEMORY;
    }
    registry->effects = effects;
    registry->responses = responses;
    registry->capacity = capacity;
    registry->next_key = 1;
    *out_registry = registry;
    return SM_OK;
}

static void effect_registry_destroy(struct sm_effect_registry *registry) {
    if (registry == NULL) {
        return;
    }
    for (size_t i = 0; i < registry->count; i++) {
        effect_destroy(registry->entries[i].effect);
    }
    pthread_mutex_destroy(&registry->mutex);
    free(registry->entries);
    free(registry);
}

// append adds the channel under the next key. The mutex is held.
static enum sm_status append(struct sm_effect_registry *registry, struct sm_effect *effect, uint64_t *out_key) {
    if (registry->capacity != 0 && registry->count == registry->capacity) {
        return SM_EXHAUSTED;
    }
    if (registry->count == registry->room) {
        size_t room = registry->room == 0 ? 8 : registry->room * 2;
        struct entry *entries = realloc(registry->entries, room * sizeof *entries);
        if (entries == NULL) {
            return SM_NO_MEMORY;
        }
        registry->entries = entries;
        registry->room = room;
    }
    *out_key = registry->next_key++;
    registry->entries[registry->count++] = (struct entry){*out_key, effect};
    return SM_OK;
}

static enum sm_status effect_registry_add(struct sm_effect_registry *registry, uint64_t *out_key) {
    if (registry == NULL || out_key == NULL) {
        return SM_INVALID;
    }
    struct sm_effect *effect;
    enum sm_status status = effect_create(registry->effects, registry->responses, &effect);
    if (status != SM_OK) {
        return status;
    }
    pthread_mutex_lock(&registry->mutex);
    status = append(registry, effect, out_key);
    pthread_mutex_unlock(&registry->mutex);
    if (status != SM_OK) {
        effect_destroy(effect);
    }
    return status;
}

// look_up finds the position of a live key. The mutex is held.
static enum sm_status look_up(const struct sm_effect_registry *registry, uint64_t key, size_t *out_position) {
    if (key >= registry->next_key) {
        return SM_UNKNOWN;
    }
    size_t low = 0, high = registry->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (registry->entries[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *out_position = low;
    return low < registry->count && registry->entries[low].key == key ? SM_OK : SM_STALE;
}

static enum sm_status effect_registry_find(struct sm_effect_registry *registry, uint64_t key,
                                           struct sm_effect **out_effect) {
    if (registry == NULL || key == 0 || out_effect == NULL) {
        return SM_INVALID;
    }
    size_t position;
    pthread_mutex_lock(&registry->mutex);
    enum sm_status status = look_up(registry, key, &position);
    if (status == SM_OK) {
        *out_effect = registry->entries[position].effect;
        effect_share(*out_effect); // before the unlock: until then the registry's own reference keeps it alive
    }
    pthread_mutex_unlock(&registry->mutex);
    return status;
}

static enum sm_status effect_registry_remove(struct sm_effect_registry *registry, uint64_t key) {
    if (registry == NULL || key == 0) {
        return SM_INVALID;
    }
    size_t position;
    struct sm_effect *removed = NULL;
    pthread_mutex_lock(&registry->mutex);
    enum sm_status status = look_up(registry, key, &position);
    if (status == SM_OK) {
        struct entry *entry = &registry->entries[position];
        removed = entry->effect;
        registry->count--;
        memmove(entry, entry + 1, (registry->count - position) * sizeof *entry);
    }
    pthread_mutex_unlock(&registry->mutex);
    effect_destroy(removed); // after the unlock: it may drop values
    return status;
}

const struct sm_effect_ops mutex_effect =
    SLOTMARK_EFFECT_OPS(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                        .residue = SM_RESIDUE_CLEARED, .repost = SM_REPOST_HELD, .stash = SM_STASH_KEPT,
                        .share = effect_share, SLOTMARK_EFFECT_HANDLE, SLOTMARK_EFFECT_REGISTRY);
