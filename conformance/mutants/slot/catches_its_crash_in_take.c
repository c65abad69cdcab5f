// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// For the judge: take crashes, and a handler of its own ends the process by another signal, as Go's runtime does.
// Breaks SLOT-03 with a CRASH.
#include <signal.h>

#include "conformance/mutants/slot/base.h"

static void quit(int number) {
    (void)number;
    raise(SIGQUIT);
}

static enum sm_status take(struct sm_slot *slot, void **out_value) {
    int *volatile nowhere = (int *)(uintptr_t)8; // volatile: gcc 12 warns of a store where it knows that nothing is
    signal(SIGSEGV, quit);
    *nowhere = 1;
    return slot_take(slot, out_value);
}

SLOT_MUTANT("catches_its_crash_in_take", ops.take = take)
