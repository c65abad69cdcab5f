// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-45. The old waker is written over.
#include "conformance/mutants/call/base.h"

static void forget(struct sm_waker waker) {
    (void)waker;
}

CALL_MUTANT("replaced_waker_leaks", parts.drop_waker = forget)
