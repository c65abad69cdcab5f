// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-32. The old waker is given up before there is memory for the next.
#include "conformance/mutants/promise/base.h"

static enum sm_status await(struct sm_promise *promise, const struct sm_waker *waker) {
    void *volatile node = malloc(64);
    if (node == NULL) {
        waker_drop(waker_take(promise));
        return SM_NO_MEMORY;
    }
    free(node);
    return promise_await(promise, waker);
}

PROMISE_MUTANT("out_of_memory_forgets_the_waker", inner.await = await, ops.out_of_memory = SM_OUT_OF_MEMORY_REPORTED)
