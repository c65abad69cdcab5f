// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// It never comes back from being loaded.
#include "conformance/harness/bad_subjects/subject.h"

static const struct sm_slot_ops slot = {SLOT_OPS};

OFFER(slot)

// volatile: a loop without an effect may be taken to end.
static volatile unsigned turns;

__attribute__((constructor)) static void hang(void) {
    for (;;) {
        turns = turns + 1;
    }
}
