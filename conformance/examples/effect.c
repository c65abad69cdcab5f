// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The smallest effect channel: two places for a value, an effect's and a response's, and a mutex.
//
//     cc -shared -fPIC -fvisibility=hidden -Iconformance conformance/examples/effect.c -o libeffect.so -lpthread
#include <pthread.h>
#include <stdlib.h>

#include "slotmark_define.h"

// place holds at most one value. It is touched with the channel's mutex held.
struct place {
    const struct sm_value_type *type;
    int full;
    void *value;
};

struct sm_effect {
    pthread_mutex_t mutex; // guards what follows
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

// move_in returns what was in the place, to be dropped by drop_of once the mutex is free: a drop is foreign code.
static struct place move_in(struct place *place, void *value) {
    struct place old = *place;
    place->full = 1;
    place->value = value;
    return old;
}

static void drop_of(struct place place) {
    if (place.full) {
        place.type->drop(place.type->context, place.value);
    }
}

static enum sm_status effect_create(const struct sm_value_type *effects, const struct sm_value_type *responses,
                                    struct sm_effect **out_effect) {
    if (effects == NULL || effects->clone == NULL || responses == NULL || out_effect == NULL) {
        return SM_INVALID;
    }
    struct sm_effect *effect = calloc(1, sizeof *effect);
    if (effect == NULL || pthread_mutex_init(&effect->mutex, NULL) != 0) {
        free(effect);
        return SM_NO_MEMORY;
    }
    effect->posted.type = effects;
    effect->response.type = responses;
    *out_effect = effect;
    return SM_OK;
}

static void effect_destroy(struct sm_effect *effect) {
    if (effect == NULL) {
        return;
    }
    drop_of(effect->posted);
    drop_of(effect->response);
    pthread_mutex_destroy(&effect->mutex);
    free(effect);
}

// The copy is made between two looks at the response, with the mutex free: a clone is foreign code too. A response that
// arrives meanwhile is given at once, and the copy is dropped.
static enum sm_status effect_request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                                     void **out_response) {
    if (effect == NULL || out_poll == NULL || out_response == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->mutex);
    int answered = move_out(&effect->response, out_response);
    pthread_mutex_unlock(&effect->mutex);
    if (!answered) {
        const struct sm_value_type *type = effect->posted.type;
        struct place rest = {type, 1, NULL};
        enum sm_status status = type->clone(type->context, value, &rest.value);
        if (status != SM_OK) {
            return status;
        }
        pthread_mutex_lock(&effect->mutex);
        answered = move_out(&effect->response, out_response);
        if (!answered) {
            rest = move_in(&effect->posted, rest.value);
        }
        pthread_mutex_unlock(&effect->mutex);
        drop_of(rest);
    }
    *out_poll = answered ? SM_POLL_READY : SM_POLL_PENDING;
    return SM_OK;
}

static enum sm_status effect_take_effect(struct sm_effect *effect, void **out_value) {
    if (effect == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->mutex);
    int taken = move_out(&effect->posted, out_value);
    pthread_mutex_unlock(&effect->mutex);
    return taken ? SM_OK : SM_EMPTY;
}

static enum sm_status effect_fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    pthread_mutex_lock(&effect->mutex);
    struct place old = move_in(&effect->response, response);
    pthread_mutex_unlock(&effect->mutex);
    drop_of(old);
    return SM_OK;
}

SLOTMARK_EFFECT(.progress = SM_PROGRESS_BLOCKING, .out_of_memory = SM_OUT_OF_MEMORY_NEVER, .residue = SM_RESIDUE_KEPT,
                .repost = SM_REPOST_POSTED);
SLOTMARK_IMPLEMENTATION("example effect", "1.0", .effect = &slotmark_effect);
