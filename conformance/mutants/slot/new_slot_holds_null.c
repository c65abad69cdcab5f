// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks SLOT-01. Memory that is zeroed is taken for an initialised object, and here zero is not what empty looks
// like: the flag says "vacant", not "occupied".
#include "conformance/mutants/slot/base.h"

static enum sm_status create(const struct sm_value_type *type, struct sm_slot **out_slot) {
    enum sm_status status = slot_create(type, out_slot);
    if (status == SM_OK) {
        (*out_slot)->occupied = 1;
    }
    return status;
}

SLOT_MUTANT("new_slot_holds_null", ops.create = create)
