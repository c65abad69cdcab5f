// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-05. Replaced values go to a list and are dropped by a later put, as deferred reclamation (epochs, hazard
// pointers) does with nodes: what is right for memory is wrong for values.
#include "conformance/mutants/slot/base.h"

static _Thread_local const struct sm_value_type *retired_type;
static _Thread_local void *retired;

static enum sm_status put(struct sm_slot *slot, void *value) {
    void *old = NULL;
    if (slot == NULL) {
        return SM_INVALID;
    }
    if (slot_swap(slot, 1, value, &old)) {
        const struct sm_value_type *type = retired_type;
        void *due = retired;
        retired_type = slot->type;
        retired = old;
        if (type != NULL) {
            type->drop(type->context, due);
        }
    }
    return SM_OK;
}

SLOT_MUTANT("put_drops_old_late", ops.put = put)
