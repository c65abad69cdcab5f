// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// It was built for another ABI.
#include "conformance/harness/bad_subjects/subject.h"

static const struct sm_slot_ops slot = {SLOT_OPS};

// SM_ABI stands in OFFER already; the entry is written out to say otherwise.
const struct sm_implementation *slotmark_implementation(void) {
    static const struct sm_implementation implementation = {
        .abi = SM_ABI + 1, .size = sizeof implementation, .name = "bad", .version = "1", .slot = &slot};
    return &implementation;
}
