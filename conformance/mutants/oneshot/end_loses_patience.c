// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-34. A read that was polled five times in vain is told that it has completed.
#include "conformance/mutants/oneshot/base.h"

static _Thread_local unsigned polls;

static enum sm_status poll_wrongly(struct sm_oneshot_end *end, const struct sm_waker *waker, uint32_t *out_word) {
    enum sm_status status = oneshot_end_poll(end, waker, out_word);
    if (status != SM_OK || *out_word != SM_WORD_BLOCKED) {
        polls = 0;
    } else if (++polls > 5) {
        *out_word = SM_WORD_COMPLETED;
    }
    return status;
}

ONESHOT_MUTANT("end_loses_patience", ops.end_poll = poll_wrongly);
