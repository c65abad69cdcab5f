// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-45. A word that is there is delivered to whoever asks first, the set or another (wasmtime #13212).
#include "conformance/mutants/oneshot/base.h"

static enum sm_status poll_wrongly(struct sm_oneshot_end *end, const struct sm_waker *waker, uint32_t *out_word) {
    if (end != NULL && out_word != NULL && end->set != NULL && end->state == BUSY && end->word != SM_WORD_BLOCKED) {
        *out_word = deliver(end);
        return SM_OK;
    }
    return oneshot_end_poll(end, waker, out_word);
}

ONESHOT_MUTANT("member_can_be_polled", ops.end_poll = poll_wrongly);
