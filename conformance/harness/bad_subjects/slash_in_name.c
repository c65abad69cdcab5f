// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Its name would look like a path of a case.
#include "conformance/harness/bad_subjects/subject.h"

static const struct sm_slot_ops slot = {SLOT_OPS};

const struct sm_implementation *slotmark_implementation(void) {
    static const struct sm_implementation implementation = {
        .abi = SM_ABI, .size = sizeof implementation, .name = "bad/name", .version = "1", .slot = &slot};
    return &implementation;
}
