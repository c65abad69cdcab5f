// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// It has no name.
#include "conformance/harness/bad_subjects/subject.h"

static const struct sm_slot_ops slot = {SLOT_OPS};

const struct sm_implementation *slotmark_implementation(void) {
    static const struct sm_implementation implementation = {
        .abi = SM_ABI, .size = sizeof implementation, .name = "", .version = "1", .slot = &slot};
    return &implementation;
}
