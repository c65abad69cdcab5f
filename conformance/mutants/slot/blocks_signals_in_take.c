// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// For the judge: take blocks every signal that can be blocked and runs for ever, so that no polite watchdog ends it.
// Breaks SLOT-03 with a HANG.
#include <signal.h>

#include "conformance/mutants/slot/base.h"

static enum sm_status take(struct sm_slot *slot, void **out_value) {
    static volatile int turning = 1;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    while (turning) {
    }
    return slot_take(slot, out_value);
}

SLOT_MUTANT("blocks_signals_in_take", ops.take = take)
