// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-33. Who asks without a waker is still woken.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status poll_wrongly(struct sm_oneshot_end *end, const struct sm_waker *waker, uint32_t *out_word) {
    if (end != NULL && waker == NULL && out_word != NULL && end->waker.vtable != NULL) {
        *out_word = SM_WORD_BLOCKED;
        return SM_OK;
    }
    return oneshot_end_poll(end, waker, out_word);
}

ONESHOT_MUTANT("poll_without_a_waker_keeps_the_last", ops.end_poll = poll_wrongly);
