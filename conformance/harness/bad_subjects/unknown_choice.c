// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// It declares a progress that there is not.
#include "conformance/harness/bad_subjects/subject.h"

static const struct sm_slot_ops slot = {.size = sizeof slot,
                                        .progress = 77,
                                        .out_of_memory = SM_OUT_OF_MEMORY_NEVER,
                                        .create = create,
                                        .destroy = destroy,
                                        .put = put,
                                        .take = take};

OFFER(slot)
