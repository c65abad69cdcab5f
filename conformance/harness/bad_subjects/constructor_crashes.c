// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// It crashes while it is loaded.
#include "conformance/harness/bad_subjects/subject.h"

static const struct sm_slot_ops slot = {SLOT_OPS};

OFFER(slot)

__attribute__((constructor)) static void crash(void) {
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}
