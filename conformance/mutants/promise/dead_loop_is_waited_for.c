// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-11. A decision is handed over to the loop's thread, and waits for it to be taken.
#include <unistd.h>

#include "conformance/mutants/promise/base.h"

static enum sm_status decide(struct sm_promise *promise, enum outcome outcome, void *value) {
    enum sm_status status = promise_decide(promise, outcome, value);
    while (status == SM_CLOSED && !promise->destroyed) {
        pause();
    }
    return status;
}

PROMISE_MUTANT("dead_loop_is_waited_for", inner.decide = decide)
