// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-17. The slot offers nothing but exchanges, so the question is asked by one, and the value that it brings
// out is not put back.
#include "conformance/mutants/slot/base.h"

static enum sm_status is_empty(const struct sm_slot *slot, int *out_empty) {
    void *old;
    if (slot == NULL || out_empty == NULL) {
        return SM_INVALID;
    }
    *out_empty = slot_take((struct sm_slot *)(uintptr_t)slot, &old) == SM_EMPTY;
    return SM_OK;
}

SLOT_MUTANT("is_empty_takes", ops.is_empty = is_empty)
