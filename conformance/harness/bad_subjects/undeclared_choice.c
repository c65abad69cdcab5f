// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// It does not declare what becomes of it when memory runs out.
#include "conformance/harness/bad_subjects/subject.h"

static const struct sm_slot_ops slot = {.size = sizeof slot,
                                        .progress = SM_PROGRESS_BLOCKING,
                                        .create = create,
                                        .destroy = destroy,
                                        .put = put,
                                        .take = take};

OFFER(slot)
