// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// An operation that is not optional is NULL.
#include "conformance/harness/bad_subjects/subject.h"

static const struct sm_slot_ops slot = {.size = sizeof slot,
                                        .progress = SM_PROGRESS_BLOCKING,
                                        .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                                        .create = create,
                                        .destroy = destroy,
                                        .put = put};

const struct sm_implementation *slotmark_implementation(void) {
    (void)take;
    static const struct sm_implementation implementation = {
        .abi = SM_ABI, .size = sizeof implementation, .name = "bad", .version = "1", .slot = &slot};
    return &implementation;
}
