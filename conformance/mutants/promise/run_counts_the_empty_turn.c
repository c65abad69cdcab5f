// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks PROMISE-05. The turn that found nothing is counted too.
#include "conformance/mutants/promise/base.h"

static enum sm_status run(struct sm_loop *loop, uint32_t *out_count) {
    enum sm_status status = promise_loop_run(loop, out_count);
    if (status == SM_OK) {
        ++*out_count;
    }
    return status;
}

PROMISE_MUTANT("run_counts_the_empty_turn", ops.loop_run = run)
