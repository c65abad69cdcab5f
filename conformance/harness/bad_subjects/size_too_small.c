// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// It says that its implementation is shorter than any was.
#include "conformance/harness/bad_subjects/subject.h"

static const struct sm_slot_ops slot = {SLOT_OPS};

const struct sm_implementation *slotmark_implementation(void) {
    static const struct sm_implementation implementation = {
        .abi = SM_ABI, .size = 8, .name = "bad", .version = "1", .slot = &slot};
    return &implementation;
}
