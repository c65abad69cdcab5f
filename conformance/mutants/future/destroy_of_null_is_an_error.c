// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks FUTURE-06. NULL is refused here as everywhere else: a host that frees what it may not have got must ask
// first.
#include "conformance/mutants/future/base.h"

static enum sm_status destroy(struct sm_future *future) {
    return future == NULL ? SM_INVALID : future_destroy(future);
}

FUTURE_MUTANT("destroy_of_null_is_an_error", ops.destroy = destroy)
