// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// A function of its table is the C library'\''s: somebody else would be judged.
#include "conformance/harness/bad_subjects/subject.h"

#include <stdlib.h>

static const struct sm_slot_ops slot = {.size = sizeof slot,
                                        .progress = SM_PROGRESS_BLOCKING,
                                        .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                                        .create = create,
                                        .destroy = (void (*)(struct sm_slot *))(void (*)(void))free,
                                        .put = put,
                                        .take = take};

const struct sm_implementation *slotmark_implementation(void) {
    (void)destroy;
    static const struct sm_implementation implementation = {
        .abi = SM_ABI, .size = sizeof implementation, .name = "bad", .version = "1", .slot = &slot};
    return &implementation;
}
