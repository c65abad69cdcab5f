// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-41. The ready members are a stack: one that is ready again and again is all that is told.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status set_poll_wrongly(struct sm_oneshot_set *set, const struct sm_waker *waker,
                                       struct sm_event *out_event) {
    if (set == NULL || out_event == NULL) {
        return SM_INVALID;
    }
    struct sm_oneshot_end *last = NULL;
    for (struct sm_oneshot_end *end = set->members; end != NULL; end = end->next) {
        last = end->state == BUSY && end->word != SM_WORD_BLOCKED ? end : last;
    }
    if (last == NULL) {
        return oneshot_set_poll(set, waker, out_event);
    }
    struct sm_waker old = out_of(&set->waker);
    *out_event = (struct sm_event){last->writes ? SM_EVENT_WRITE : SM_EVENT_READ, deliver(last), last->token};
    give_up(old);
    return SM_OK;
}

ONESHOT_MUTANT("last_ready_is_told_first", ops.set_poll = set_poll_wrongly);
