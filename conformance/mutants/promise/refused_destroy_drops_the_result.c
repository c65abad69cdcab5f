// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-09. Destroy gives the value up before it finds itself on the wrong thread.
#include "conformance/mutants/promise/base.h"

static enum sm_status destroy(struct sm_promise *promise) {
    if (promise != NULL && promise->loop != NULL && promise->loop != current && promise->outcome == VALUE) {
        promise->outcome = TAKEN;
        promise->type->drop(promise->type->context, promise->value);
    }
    return promise_destroy(promise);
}

PROMISE_MUTANT("refused_destroy_drops_the_result", ops.destroy = destroy)
