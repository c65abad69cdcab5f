// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-27. The deciding thread wakes who awaits, on its own stack, with whatever locks it holds.
#include "conformance/mutants/promise/base.h"

static enum sm_status decide(struct sm_promise *promise, enum outcome outcome, void *value) {
    enum sm_status status = promise_decide(promise, outcome, value);
    if (status == SM_OK && promise->loop != NULL) {
        promise_dispatch(&promise->event);
    }
    return status;
}

PROMISE_MUTANT("fulfill_wakes_at_once", inner.decide = decide)
