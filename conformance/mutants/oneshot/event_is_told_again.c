// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-40. An event stays until the end is used again.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status set_poll_wrongly(struct sm_oneshot_set *set, const struct sm_waker *waker,
                                       struct sm_event *out_event) {
    enum sm_status status = oneshot_set_poll(set, waker, out_event);
    for (struct sm_oneshot_end *end = status == SM_EMPTY ? set->members : NULL; end != NULL; end = end->next) {
        if (end->state == DONE && end->word == SM_WORD_COMPLETED && end->out != NULL) {
            *out_event = (struct sm_event){SM_EVENT_READ, end->word, end->token};
            return SM_OK;
        }
    }
    return status;
}

ONESHOT_MUTANT("event_is_told_again", ops.set_poll = set_poll_wrongly);
