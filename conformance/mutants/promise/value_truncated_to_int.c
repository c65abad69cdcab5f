// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-15. Values go through an int on their way across the border.
#include "conformance/mutants/promise/base.h"

static enum sm_status fulfill(struct sm_fulfiller *fulfiller, void *value) {
    return promise_fulfill(fulfiller, (void *)(uintptr_t)(unsigned)(uintptr_t)value);
}

PROMISE_MUTANT("value_truncated_to_int", ops.fulfill = fulfill)
