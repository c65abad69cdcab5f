// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks CALL-20. A future that breaks down has not ended: it is polled again at the next wake.
#include "conformance/mutants/call/base.h"

static struct result run(struct box *box, const struct sm_waker *waker) {
    struct result result = box_run(box, waker);
    result.ended = result.ended && result.status != SM_FAULT;
    return result;
}

CALL_MUTANT("fault_is_pending", parts.run = run)
