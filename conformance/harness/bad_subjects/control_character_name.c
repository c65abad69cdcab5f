// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Its name would paint the terminal.
#include "conformance/harness/bad_subjects/subject.h"

static const struct sm_slot_ops slot = {SLOT_OPS};

const struct sm_implementation *slotmark_implementation(void) {
    static const struct sm_implementation implementation = {
        .abi = SM_ABI, .size = sizeof implementation, .name = "bad\033[31m", .version = "1", .slot = &slot};
    return &implementation;
}
