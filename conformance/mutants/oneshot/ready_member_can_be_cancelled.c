// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-45. The check is skipped where there is nothing to wait for (wasmtime #13690).
#include "conformance/mutants/oneshot/base.h"

static enum sm_status cancel_wrongly(struct sm_oneshot_end *end, uint32_t *out_word) {
    if (end != NULL && out_word != NULL && end->set != NULL && end->state == BUSY && end->word != SM_WORD_BLOCKED) {
        *out_word = deliver(end);
        return SM_OK;
    }
    return oneshot_end_cancel(end, out_word);
}

ONESHOT_MUTANT("ready_member_can_be_cancelled", ops.end_cancel = cancel_wrongly);
