// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-29. What was cancelled is over (wasmtime #12092).
#include "conformance/mutants/oneshot/base.h"

static enum sm_status cancel_wrongly(struct sm_oneshot_end *end, uint32_t *out_word) {
    enum sm_status status = oneshot_end_cancel(end, out_word);
    if (status == SM_OK) {
        end->state = DONE;
    }
    return status;
}

ONESHOT_MUTANT("cancelled_end_is_done", ops.end_cancel = cancel_wrongly);
