// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Boxed futures that lend a counted waker of their own, and use the box of the last one again, whose memory orders and
// steps are constants, to be built with one of them wrong; as it stands it is correct. future.def says which builds
// there are, and who must find each out.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/slotmark_define.h"

// The orders, by operation.
#ifndef CLONE_ORDER
#define CLONE_ORDER memory_order_relaxed
#endif
#ifndef DROP_ORDER
#define DROP_ORDER memory_order_acq_rel
#endif
#ifndef KEEP_ORDER
#define KEEP_ORDER memory_order_acq_rel // a box is kept for the next future
#endif
#ifndef REUSE_ORDER
#define REUSE_ORDER memory_order_acq_rel // and used again
#endif

// The steps: how a word is changed.
#define WHOLE 0 // in one step
#define SPLIT 1 // by a load and a store: two threads see the same word
#ifndef CLONE_STEPS
#define CLONE_STEPS WHOLE
#endif
#ifndef DROP_STEPS
#define DROP_STEPS WHOLE
#endif
#ifndef REUSE_STEPS
#define REUSE_STEPS WHOLE
#endif

// The sequence: what is done before what.
#ifndef WAKES_LATE
#define WAKES_LATE 0 // a waker is used up, then wakes
#endif
#ifndef KEEPS_EARLY
#define KEEPS_EARLY 0 // a box is kept for the next future before the last one was dropped
#endif
#ifndef DESTROY_FREES
#define DESTROY_FREES 0 // the future's waker goes with it, whoever holds a clone
#endif

// letter is what a future lends as its waker: the host's, counted.
struct letter {
    struct sm_waker host; // no vtable: the host gave none
    atomic_uint references;
};

enum { STATE_BYTES = 64 };

struct sm_future {
    const struct sm_future_vtable *vtable; // NULL: made by ready
    const struct sm_value_type *type;      // of the value of such a one
    void *value;
    struct letter *letter; // of the last poll
    int completed;
    _Alignas(max_align_t) unsigned char state[STATE_BYTES];
};

static inline unsigned count(struct letter *letter, unsigned add, memory_order order, int steps) {
    if (steps == WHOLE) {
        return atomic_fetch_add_explicit(&letter->references, add, order);
    }
    unsigned before = atomic_load_explicit(&letter->references, memory_order_acquire);
    atomic_store_explicit(&letter->references, before + add, memory_order_release);
    return before;
}

static void release(struct letter *letter) {
    if (letter != NULL && count(letter, -1u, DROP_ORDER, DROP_STEPS) == 1) {
        if (letter->host.vtable != NULL) {
            letter->host.vtable->drop(letter->host.data);
        }
        free(letter);
    }
}

static void wake_by_ref(const void *data) {
    const struct letter *letter = data;
    if (letter->host.vtable != NULL) {
        letter->host.vtable->wake_by_ref(letter->host.data);
    }
}

static void drop(void *data) {
    release(data);
}

static void wake(void *data) {
    if (WAKES_LATE) {
        struct letter *volatile used = data; // volatile, since a compiler that sees through it refuses
        release(data);
        wake_by_ref(used);
        return;
    }
    wake_by_ref(data);
    release(data);
}

static enum sm_status clone(const void *data, struct sm_waker *out_waker);

static const struct sm_waker_vtable letter_vtable = {clone, wake, wake_by_ref, drop};

static enum sm_status clone(const void *data, struct sm_waker *out_waker) {
    struct letter *letter = (struct letter *)(uintptr_t)data;
    count(letter, 1, CLONE_ORDER, CLONE_STEPS);
    *out_waker = (struct sm_waker){letter, &letter_vtable};
    return SM_OK;
}

// address makes a letter with one reference, the future's. NULL where there is no memory.
static struct letter *address(const struct sm_waker *host) {
    struct letter *letter = malloc(sizeof *letter);
    if (letter == NULL) {
        return NULL;
    }
    letter->host = (struct sm_waker){NULL, NULL};
    if (host != NULL && host->vtable->clone(host->data, &letter->host) != SM_OK) {
        free(letter);
        return NULL;
    }
    atomic_init(&letter->references, 1);
    return letter;
}

// ------------------------------------------------------------------------------------------------------------------
// Boxes: one that is not needed any more is kept for the next future

static _Atomic(struct sm_future *) kept;

static inline struct sm_future *swap(struct sm_future *box, memory_order order, int steps) {
    if (steps == WHOLE) {
        return atomic_exchange_explicit(&kept, box, order);
    }
    struct sm_future *old = atomic_load_explicit(&kept, memory_order_acquire);
    atomic_store_explicit(&kept, box, memory_order_release);
    return old;
}

static struct sm_future *new_box(void) {
    struct sm_future *box = swap(NULL, REUSE_ORDER, REUSE_STEPS);
    box = box == NULL ? malloc(sizeof *box) : box;
    if (box != NULL) {
        memset(box, 0, sizeof *box);
    }
    return box;
}

static void keep_box(struct sm_future *box) {
    free(swap(box, KEEP_ORDER, WHOLE));
}

// ------------------------------------------------------------------------------------------------------------------
// Futures

static enum sm_status future_create(const struct sm_future_source *source, struct sm_future **out_future) {
    if (source->vtable->size > STATE_BYTES || source->vtable->align > _Alignof(max_align_t)) {
        return SM_NO_MEMORY;
    }
    struct sm_future *future = new_box();
    if (future == NULL) {
        return SM_NO_MEMORY;
    }
    future->vtable = source->vtable;
    memcpy(future->state, source->state, source->vtable->size);
    *out_future = future;
    return SM_OK;
}

static enum sm_status future_ready(const struct sm_value_type *type, void *value, struct sm_future **out_future) {
    struct sm_future *future = new_box();
    if (future == NULL) {
        return SM_NO_MEMORY;
    }
    future->type = type;
    future->value = value;
    *out_future = future;
    return SM_OK;
}

static enum sm_status future_poll(struct sm_future *future, const struct sm_waker *waker, enum sm_poll *out_poll,
                                  void **out_value) {
    if (future->completed) {
        return SM_COMPLETED;
    }
    if (future->vtable == NULL) {
        future->completed = 1;
        *out_poll = SM_POLL_READY;
        *out_value = future->value;
        return SM_OK;
    }
    struct letter *letter = address(waker);
    if (letter == NULL) {
        return SM_NO_MEMORY;
    }
    release(future->letter);
    future->letter = letter;
    const struct sm_waker lent = {letter, &letter_vtable};
    enum sm_status status = future->vtable->poll(future->state, &lent, out_poll, out_value);
    future->completed = status != SM_OK || *out_poll == SM_POLL_READY;
    return status;
}

static enum sm_status future_destroy(struct sm_future *future) {
    if (future == NULL) {
        return SM_OK;
    }
    if (KEEPS_EARLY) {
        keep_box(future);
    }
    if (future->vtable != NULL) {
        future->vtable->drop(future->state);
    } else if (!future->completed) {
        future->type->drop(future->type->context, future->value);
    }
    if (DESTROY_FREES && future->letter != NULL) {
        future->letter->host.vtable->drop(future->letter->host.data);
        free(future->letter);
    } else {
        release(future->letter);
    }
    if (!KEEPS_EARLY) {
        keep_box(future);
    }
    return SM_OK;
}

SLOTMARK_FUTURE(.after_ready = SM_AFTER_READY_REFUSED, .wakes = SM_WAKES_DELIVERED, .checks = SM_CHECKS_NOTHING);
SLOTMARK_IMPLEMENTATION("future by constants", "mutant", .future = &slotmark_future);
