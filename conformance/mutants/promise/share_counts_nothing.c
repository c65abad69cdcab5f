// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-24. A shared fulfiller is the same pointer, and its first drop is taken for the last.
#include "conformance/mutants/promise/base.h"

static enum sm_status share(struct sm_fulfiller *fulfiller) {
    return fulfiller == NULL ? SM_INVALID : SM_OK;
}

PROMISE_MUTANT("share_counts_nothing", ops.share = share)
