// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Breaks ONESHOT-49. The set looks at its members, and then keeps the waker: a word that comes in between wakes
// nobody.
#include "conformance/mutants/oneshot/base.h"

static enum sm_status set_poll_wrongly(struct sm_oneshot_set *set, const struct sm_waker *waker,
                                       struct sm_event *out_event) {
    enum sm_status status = oneshot_set_poll(set, NULL, out_event);
    if (status != SM_EMPTY || waker == NULL) {
        return status;
    }
    dawdle();
    struct sm_waker kept;
    if (!clone_of(waker, &kept)) {
        return SM_NO_MEMORY;
    }
    pthread_mutex_lock(&ends_lock);
    struct sm_waker old = out_of(&set->waker);
    set->waker = kept;
    pthread_mutex_unlock(&ends_lock);
    give_up(old);
    return SM_EMPTY;
}

ONESHOT_MUTANT("set_looks_and_then_waits", ops.set_poll = set_poll_wrongly);
