// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// For the judge: take closes every descriptor of the process, and then aborts, so that nothing can be said through
// one. Breaks SLOT-03 with a CRASH.
#include <unistd.h>

#include "conformance/mutants/slot/base.h"

static enum sm_status take(struct sm_slot *slot, void **out_value) {
    (void)slot;
    (void)out_value;
    for (int descriptor = 0; descriptor < 1024; descriptor++) {
        close(descriptor);
    }
    abort();
}

SLOT_MUTANT("closes_descriptors_in_take", ops.take = take)
