// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-30. Nothing is under way, which is what the caller wanted.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status cancel_wrongly(struct sm_oneshot_end *end, uint32_t *out_word) {
    enum sm_status status = oneshot_end_cancel(end, out_word);
    if (status == SM_IDLE) {
        *out_word = SM_WORD_CANCELLED;
        return SM_OK;
    }
    return status;
}

ONESHOT_MUTANT("second_cancel_is_fine", ops.end_cancel = cancel_wrongly);
