// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-44. A waker that is replaced is woken, so that nobody waits in vain.
#include "conformance/mutants/call/base.h"

static void drop_by_wake(struct sm_waker waker) {
    waker_wake(waker);
}

CALL_MUTANT("replaced_waker_woken", parts.drop_waker = drop_by_wake)
