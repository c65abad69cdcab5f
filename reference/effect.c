// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference/effect.h"

#include <stdatomic.h>

#include "reference/line.h"
#include "reference/word.h"

// The two words come first and the whole fits on the line that it starts.
struct sm_effect {
    _Alignas(SM_LINE) _Atomic(uintptr_t) posted; // the effect
    _Atomic(uintptr_t) response;
    const struct sm_value_type *effects;
    const struct sm_value_type *responses;
    atomic_size_t references;
};

_Static_assert(sizeof(struct sm_effect) == SM_LINE, "a channel is one line");

// swap is the linearization point of whatever puts into or takes out of a word.
//
// acq_rel: release publishes the value, and a parked word's cell, to the swap that takes this word out; acquire sees
// what the thread did that put in the word which comes out.
static inline uintptr_t swap(_Atomic(uintptr_t) *place, uintptr_t word) {
    return atomic_exchange_explicit(place, word, memory_order_acq_rel);
}

// What is seldom done is apart, so that the operations save no registers: that is stores, which a locked instruction
// waits for.
__attribute__((noinline)) static void drop_value(const struct sm_value_type *type, uintptr_t word) {
    sm_value_type_drop(type, sm_word_decode(word));
}

static inline void drop(const struct sm_value_type *type, uintptr_t word) {
    if (word != SM_WORD_EMPTY) {
        drop_value(type, word);
    }
}

enum sm_status sm_effect_create(const struct sm_value_type *effects, const struct sm_value_type *responses,
                                struct sm_effect **out_effect) {
    if (!sm_value_type_is_valid(effects) || effects->clone == NULL || !sm_value_type_is_valid(responses) ||
        out_effect == NULL) {
        return SM_INVALID;
    }
    struct sm_effect *effect = sm_line_allocate(0);
    if (effect == NULL) {
        return SM_NO_MEMORY;
    }
    atomic_init(&effect->posted, SM_WORD_EMPTY); // nobody else knows the channel yet
    atomic_init(&effect->response, SM_WORD_EMPTY);
    atomic_init(&effect->references, 1);
    effect->effects = effects;
    effect->responses = responses;
    *out_effect = effect;
    return SM_OK;
}

void sm_effect_destroy(struct sm_effect *effect) {
    // acq_rel: release, so that the last holder sees what this one did; acquire, so that the last one sees what all
    // did. A look is enough where this is the only one: nobody else has what it takes to share the channel.
    if (effect == NULL || (atomic_load_explicit(&effect->references, memory_order_acquire) != 1 &&
                           atomic_fetch_sub_explicit(&effect->references, 1, memory_order_acq_rel) != 1)) {
        return;
    }
    // relaxed: the count has ordered every other use before.
    drop(effect->effects, atomic_load_explicit(&effect->posted, memory_order_relaxed));
    drop(effect->responses, atomic_load_explicit(&effect->response, memory_order_relaxed));
    sm_line_free(effect);
}

enum sm_status sm_effect_share(struct sm_effect *effect) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    // relaxed: the caller holds a reference, so the count is not on its way to zero, and nothing is published by it.
    atomic_fetch_add_explicit(&effect->references, 1, memory_order_relaxed);
    return SM_OK;
}

// post moves a copy of `value` in. The clone comes first: where it fails, nothing has been done.
static enum sm_status post(struct sm_effect *effect, const void *value) {
    const struct sm_value_type *type = effect->effects;
    void *copy;
    enum sm_status status = type->clone(type->context, value, &copy);
    if (status != SM_OK) {
        return status;
    }
    uintptr_t word = sm_word_encode(copy);
    if (word == SM_WORD_EMPTY) {
        sm_value_type_drop(type, copy);
        return SM_EXHAUSTED;
    }
    drop(type, swap(&effect->posted, word));
    return SM_OK;
}

enum sm_status sm_effect_request(struct sm_effect *effect, const void *value, enum sm_poll *out_poll,
                                 void **out_response) {
    if (effect == NULL || out_poll == NULL || out_response == NULL) {
        return SM_INVALID;
    }
    // The look: acquire, so that whoever finds no response sees what the request did that took it. A response that is
    // seen is not had yet, for another request may be quicker; the swap says whose it is.
    if (atomic_load_explicit(&effect->response, memory_order_acquire) != SM_WORD_EMPTY) {
        uintptr_t word = swap(&effect->response, SM_WORD_EMPTY);
        if (word != SM_WORD_EMPTY) {
            *out_response = sm_word_decode(word);
            *out_poll = SM_POLL_READY;
            return SM_OK;
        }
    }
    *out_poll = SM_POLL_PENDING;
    return post(effect, value);
}

enum sm_status sm_effect_take(struct sm_effect *effect, void **out_value) {
    if (effect == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    uintptr_t word = swap(&effect->posted, SM_WORD_EMPTY);
    if (word == SM_WORD_EMPTY) {
        return SM_EMPTY;
    }
    *out_value = sm_word_decode(word);
    return SM_OK;
}

static inline enum sm_status respond(struct sm_effect *effect, uintptr_t word) {
    uintptr_t old = swap(&effect->response, word);
    drop(effect->responses, old);
    return SM_OK;
}

// respond_parked is for a response whose bits lie in the array of cells.
__attribute__((cold, noinline)) static enum sm_status respond_parked(struct sm_effect *effect, uintptr_t bits) {
    uintptr_t word = sm_word_park(bits);
    return word == SM_WORD_EMPTY ? SM_EXHAUSTED : respond(effect, word);
}

enum sm_status sm_effect_fulfill(struct sm_effect *effect, void *response) {
    if (effect == NULL) {
        return SM_INVALID;
    }
    uintptr_t bits = (uintptr_t)response;
    return sm_word_is_reserved(bits) ? respond_parked(effect, bits) : respond(effect, bits);
}
