// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A lock-free effect channel of boxed values whose memory orders and steps are constants, to be built with one of them
// wrong; as it stands it is correct. effect.def says which builds there are, and who must find each out.
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

SLOTMARK_EFFECT(.progress = SM_PROGRESS_WAIT_FREE, .out_of_memory = SM_OUT_OF_MEMORY_REPORTED,
                .residue = SM_RESIDUE_KEPT, .repost = SM_REPOST_POSTED, .share = effect_share);
SLOTMARK_IMPLEMENTATION("effect by constants", "mutant", .effect = &slotmark_effect);
