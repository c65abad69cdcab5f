// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// It ends the process while it is loaded.
#include "conformance/harness/bad_subjects/subject.h"

#include <stdlib.h>

static const struct sm_slot_ops slot = {SLOT_OPS};

OFFER(slot)

__attribute__((constructor)) static void leave(void) {
    exit(0);
}
