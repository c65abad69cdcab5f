// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-30. The last word of an end is told as often as one asks.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status poll_wrongly(struct sm_oneshot_end *end, const struct sm_waker *waker, uint32_t *out_word) {
    enum sm_status status = oneshot_end_poll(end, waker, out_word);
    if (status == SM_IDLE && end->state == DONE && end->writes && end->word == SM_WORD_COMPLETED) {
        *out_word = end->word;
        return SM_OK;
    }
    return status;
}

ONESHOT_MUTANT("word_is_delivered_again", ops.end_poll = poll_wrongly);
