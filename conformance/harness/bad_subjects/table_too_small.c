// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Its table says that it is shorter than any was.
#include "conformance/harness/bad_subjects/subject.h"

static const struct sm_slot_ops slot = {.size = 8,
                                        .progress = SM_PROGRESS_BLOCKING,
                                        .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                                        .create = create,
                                        .destroy = destroy,
                                        .put = put,
                                        .take = take};

OFFER(slot)
