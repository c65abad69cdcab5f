// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A lock-free slot of boxed values whose memory orders and steps are constants, to be built with one of them wrong; as
// it stands it is correct. slot.def says which builds there are, and who must find each out.
#include <stdatomic.h>
#include <stdlib.h>

#include "conformance/slotmark_define.h"

// The orders. acq_rel everywhere is right: release publishes the box that goes in, acquire reads the one that comes
// out.
#ifndef PUT_ORDER
#define PUT_ORDER memory_order_acq_rel
#endif
#ifndef TAKE_ORDER
#define TAKE_ORDER memory_order_acq_rel
#endif
#ifndef EXCHANGE_ORDER
#define EXCHANGE_ORDER memory_order_acq_rel
#endif
#ifndef IS_EMPTY_ORDER
#define IS_EMPTY_ORDER memory_order_acquire
#endif

// The steps: how a word is exchanged.
#define WHOLE 0 // in one step
#define SPLIT 1 // by a load and a store: two threads see the same word
#define ONCE  2 // by a compare-exchange that is not tried again: who loses gives up
#ifndef PUT_STEPS
#define PUT_STEPS WHOLE
#endif
#ifndef TAKE_STEPS
#define TAKE_STEPS WHOLE
#endif
#ifndef EXCHANGE_STEPS
#define EXCHANGE_STEPS WHOLE
#endif

// The sequence: what is done before what.
#ifndef FILLS_LATE
#define FILLS_LATE 0 // the box is published, then filled
#endif
#ifndef DROPS_LOCKED
#define DROPS_LOCKED 0 // a lock is held over each step, and over the drop of what it displaced
#endif
#ifndef PUTS_BY_TAKING
#define PUTS_BY_TAKING 0 // put takes what is there, drops it, and puts its own into the empty slot
#endif
#ifndef READS_LATE
#define READS_LATE 0 // the box is freed, then read
#endif
#ifndef SPARES
#define SPARES 0 // a box that is given up while another thread is inside is kept, in place of the one that was
#endif
#ifndef LOSES_SPARES
#define LOSES_SPARES 0 // the one that was is not freed
#endif

struct box {
    void *value;
};

struct sm_slot {
    const struct sm_value_type *type;
    _Atomic(struct box *) box;
    atomic_int locked; // where DROPS_LOCKED
    atomic_int inside; // where SPARES
};

static _Atomic(struct box *) spare;

static void lock(struct sm_slot *slot) {
    int locked = 0;
    while (DROPS_LOCKED && !atomic_compare_exchange_weak_explicit(&slot->locked, &locked, 1, memory_order_acquire,
                                                                  memory_order_relaxed)) {
        locked = 0;
    }
}

static void unlock(struct sm_slot *slot) {
    if (DROPS_LOCKED) {
        atomic_store_explicit(&slot->locked, 0, memory_order_release);
    }
}

static void enter(struct sm_slot *slot) {
    if (SPARES) {
        atomic_fetch_add_explicit(&slot->inside, 1, memory_order_relaxed);
    }
}

static void leave(struct sm_slot *slot) {
    if (SPARES) {
        atomic_fetch_sub_explicit(&slot->inside, 1, memory_order_relaxed);
    }
}

static void give_up(struct sm_slot *slot, struct box *box) {
    if (SPARES && atomic_load_explicit(&slot->inside, memory_order_relaxed) > 1) {
        box = atomic_exchange_explicit(&spare, box, memory_order_acq_rel);
        if (LOSES_SPARES) {
            return;
        }
    }
    free(box);
}

static enum sm_status slot_create(const struct sm_value_type *type, struct sm_slot **out_slot) {
    struct sm_slot *slot = malloc(sizeof *slot);
    if (slot == NULL) {
        return SM_NO_MEMORY;
    }
    slot->type = type;
    atomic_init(&slot->box, NULL);
    atomic_init(&slot->locked, 0);
    atomic_init(&slot->inside, 0);
    *out_slot = slot;
    return SM_OK;
}

// swap exchanges in `steps`. Returns 1, or 0 where it gave up.
static inline int swap(struct sm_slot *slot, struct box *box, memory_order order, int steps, struct box **out_old) {
    if (steps == WHOLE) {
        *out_old = atomic_exchange_explicit(&slot->box, box, order);
        return 1;
    }
    *out_old = atomic_load_explicit(&slot->box, memory_order_acquire);
    if (steps == SPLIT) {
        atomic_store_explicit(&slot->box, box, memory_order_release);
        return 1;
    }
    return atomic_compare_exchange_strong_explicit(&slot->box, out_old, box, order, memory_order_acquire);
}

static void *unbox(struct sm_slot *slot, struct box *box) {
    if (READS_LATE) {
        struct box *volatile freed = box; // volatile, since a compiler that sees through it refuses
        free(box);
        return freed->value;
    }
    void *value = box->value;
    give_up(slot, box);
    return value;
}

static void drop(struct sm_slot *slot, struct box *box) {
    if (box != NULL) {
        slot->type->drop(slot->type->context, unbox(slot, box));
    }
}

// move_in boxes and exchanges. The box goes where it came from if the exchange is given up.
static inline enum sm_status move_in(struct sm_slot *slot, void *value, memory_order order, int steps,
                                     struct box **out_old) {
    struct box *box = malloc(sizeof *box);
    if (box == NULL) {
        return SM_NO_MEMORY;
    }
    box->value = FILLS_LATE ? NULL : value;
    if (!swap(slot, box, order, steps, out_old)) {
        free(box);
        *out_old = NULL;
        return SM_OK;
    }
    if (FILLS_LATE) {
        box->value = value;
    }
    return SM_OK;
}

static void slot_destroy(struct sm_slot *slot) {
    if (slot != NULL) {
        drop(slot, atomic_load_explicit(&slot->box, memory_order_relaxed));
        free(slot);
    }
}

static enum sm_status slot_put(struct sm_slot *slot, void *value) {
    struct box *old;
    if (PUTS_BY_TAKING) {
        drop(slot, atomic_exchange_explicit(&slot->box, NULL, memory_order_acq_rel));
    }
    enter(slot);
    lock(slot);
    enum sm_status status = move_in(slot, value, PUT_ORDER, PUT_STEPS, &old);
    if (status == SM_OK) {
        drop(slot, old);
    }
    unlock(slot);
    leave(slot);
    return status;
}

static enum sm_status slot_take(struct sm_slot *slot, void **out_value) {
    struct box *old;
    lock(slot);
    int swapped = swap(slot, NULL, TAKE_ORDER, TAKE_STEPS, &old);
    unlock(slot);
    if (!swapped || old == NULL) {
        return SM_EMPTY;
    }
    *out_value = unbox(slot, old);
    return SM_OK;
}

static enum sm_status slot_exchange(struct sm_slot *slot, void *value, void **out_old) {
    struct box *old;
    enum sm_status status = move_in(slot, value, EXCHANGE_ORDER, EXCHANGE_STEPS, &old);
    if (status != SM_OK || old == NULL) {
        return status == SM_OK ? SM_EMPTY : status;
    }
    *out_old = unbox(slot, old);
    return SM_OK;
}

static enum sm_status slot_is_empty(const struct sm_slot *slot, int *out_empty) {
    *out_empty = atomic_load_explicit(&slot->box, IS_EMPTY_ORDER) == NULL;
    return SM_OK;
}

SLOTMARK_SLOT(.progress = SM_PROGRESS_WAIT_FREE, .out_of_memory = SM_OUT_OF_MEMORY_REPORTED, .exchange = slot_exchange,
              .is_empty = slot_is_empty);
SLOTMARK_IMPLEMENTATION("slot by constants", "mutant", .slot = &slotmark_slot);
