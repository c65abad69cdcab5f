// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-21. There was only ever one slot, so it became a static variable; create hands its address out each
// time.
#include "conformance/mutants/slot/base.h"

static struct sm_slot the_slot = {.lock = PTHREAD_MUTEX_INITIALIZER};

static enum sm_status create(const struct sm_value_type *type, struct sm_slot **out_slot) {
    if (type == NULL || out_slot == NULL) {
        return SM_INVALID;
    }
    the_slot.type = type;
    *out_slot = &the_slot;
    return SM_OK;
}

static void destroy(struct sm_slot *slot) {
    void *old = NULL;
    if (slot != NULL && slot_swap(slot, 0, NULL, &old)) {
        slot_drop(slot, old);
    }
}

SLOT_MUTANT("slots_are_one", ops.create = create, ops.destroy = destroy)
