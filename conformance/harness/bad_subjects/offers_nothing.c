// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// It loads, and offers no profile.
#include "conformance/harness/bad_subjects/subject.h"

static const struct sm_slot_ops slot = {SLOT_OPS};

const struct sm_implementation *slotmark_implementation(void) {
    (void)slot;
    static const struct sm_implementation implementation = {
        .abi = SM_ABI, .size = sizeof implementation, .name = "nothing", .version = "1"};
    return &implementation;
}
