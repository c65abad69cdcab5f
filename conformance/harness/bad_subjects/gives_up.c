// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A slot that claims to be lock-free, since nobody waits for ever: who finds a put under way waits for it a while, and
// then goes on as if it were done. That a put takes so long is seen where its thread stands still.
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "conformance/slotmark_define.h"

enum { EMPTY, FULL, PUTTING };

struct sm_slot {
    const struct sm_value_type *type;
    void *value;
    atomic_int state;
};

static double now_seconds(void) {
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static enum sm_status slot_create(const struct sm_value_type *type, struct sm_slot **out_slot) {
    struct sm_slot *slot = type == NULL || out_slot == NULL ? NULL : malloc(sizeof *slot);
    if (slot == NULL) {
        return type == NULL || out_slot == NULL ? SM_INVALID : SM_NO_MEMORY;
    }
    slot->type = type;
    atomic_init(&slot->state, EMPTY);
    *out_slot = slot;
    return SM_OK;
}

// claim has the slot to itself. Returns what it was; PUTTING where the caller gave up.
static int claim(struct sm_slot *slot) {
    double began = 0;
    for (;;) {
        int state = atomic_load_explicit(&slot->state, memory_order_relaxed);
        if (state == PUTTING) {
            began = began == 0 ? now_seconds() : began;
            if (now_seconds() - began > 0.2) {
                return PUTTING;
            }
        } else if (atomic_compare_exchange_weak_explicit(&slot->state, &state, PUTTING, memory_order_acquire,
                                                         memory_order_relaxed)) {
            return state;
        }
    }
}

static void drop(const struct sm_slot *slot, void *value) {
    slot->type->drop(slot->type->context, value);
}

static enum sm_status slot_put(struct sm_slot *slot, void *value) {
    if (slot == NULL) {
        return SM_INVALID;
    }
    int state = claim(slot);
    void *old = state == FULL ? slot->value : NULL;
    if (state == PUTTING) { // another value is about to take the place of this one
        drop(slot, value);
        return SM_OK;
    }
    slot->value = value;
    for (volatile int i = 0; i < 100; i++) { // long enough to be met
    }
    atomic_store_explicit(&slot->state, FULL, memory_order_release);
    if (state == FULL) {
        drop(slot, old);
    }
    return SM_OK;
}

static enum sm_status slot_take(struct sm_slot *slot, void **out_value) {
    if (slot == NULL || out_value == NULL) {
        return SM_INVALID;
    }
    int state = claim(slot);
    if (state == PUTTING) { // the other value is not there yet
        return SM_EMPTY;
    }
    if (state == FULL) {
        *out_value = slot->value;
    }
    atomic_store_explicit(&slot->state, EMPTY, memory_order_release);
    return state == FULL ? SM_OK : SM_EMPTY;
}

static void slot_destroy(struct sm_slot *slot) {
    if (slot != NULL) {
        if (atomic_load_explicit(&slot->state, memory_order_acquire) == FULL) {
            drop(slot, slot->value);
        }
        free(slot);
    }
}

SLOTMARK_SLOT(.progress = SM_PROGRESS_LOCK_FREE, .out_of_memory = SM_OUT_OF_MEMORY_NEVER);
SLOTMARK_IMPLEMENTATION("gives up", "1", .slot = &slotmark_slot);
