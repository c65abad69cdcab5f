// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-38. The cancel looks whether the other side came, and then cancels.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status cancel_wrongly(struct sm_oneshot_end *end, uint32_t *out_word) {
    if (end == NULL || out_word == NULL || end->set != NULL || end->state != BUSY) {
        return oneshot_end_cancel(end, out_word);
    }
    pthread_mutex_lock(&ends_lock);
    int is_alone = end->word == SM_WORD_BLOCKED;
    pthread_mutex_unlock(&ends_lock);
    if (!is_alone) {
        return oneshot_end_cancel(end, out_word);
    }
    dawdle();
    pthread_mutex_lock(&ends_lock);
    struct sm_waker old = out_of(&end->waker);
    end->state = IDLE;
    pthread_mutex_unlock(&ends_lock);
    give_up(old);
    *out_word = SM_WORD_CANCELLED;
    return SM_OK;
}

ONESHOT_MUTANT("cancel_looks_and_then_cancels", ops.end_cancel = cancel_wrongly);
