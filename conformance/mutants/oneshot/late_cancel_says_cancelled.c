// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-28. A cancel does what its name says, also where there is nothing to cancel any more
// (wasip3-prototyping #138).
#include "conformance/mutants/oneshot/base.h"

static enum sm_status cancel_wrongly(struct sm_oneshot_end *end, uint32_t *out_word) {
    enum sm_status status = oneshot_end_cancel(end, out_word);
    if (status == SM_OK) {
        *out_word = SM_WORD_CANCELLED;
    }
    return status;
}

ONESHOT_MUTANT("late_cancel_says_cancelled", ops.end_cancel = cancel_wrongly);
