// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-33. A waker with the data of the one that is kept is taken for the same, whatever its table does.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status poll_wrongly(struct sm_oneshot_end *end, const struct sm_waker *waker, uint32_t *out_word) {
    if (end != NULL && waker != NULL && out_word != NULL) {
        pthread_mutex_lock(&ends_lock);
        int same = is_parked(end) && end->set == NULL && end->waker.vtable != NULL && end->waker.data == waker->data;
        pthread_mutex_unlock(&ends_lock);
        if (same) {
            *out_word = SM_WORD_BLOCKED;
            return SM_OK;
        }
    }
    return oneshot_end_poll(end, waker, out_word);
}

ONESHOT_MUTANT("end_goes_by_the_data", ops.end_poll = poll_wrongly);
