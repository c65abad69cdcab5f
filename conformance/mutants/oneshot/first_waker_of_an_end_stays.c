// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-33. An operation is registered with the task that polled it first (wit-bindgen #1618).
#include "conformance/mutants/oneshot/base.h"

static enum sm_status poll_wrongly(struct sm_oneshot_end *end, const struct sm_waker *waker, uint32_t *out_word) {
    if (end != NULL && end->waker.vtable != NULL && waker != NULL && end->state == BUSY) {
        *out_word = SM_WORD_BLOCKED;
        return SM_OK;
    }
    return oneshot_end_poll(end, waker, out_word);
}

ONESHOT_MUTANT("first_waker_of_an_end_stays", ops.end_poll = poll_wrongly);
